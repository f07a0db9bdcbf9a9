// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import JSON
internal import MockModel
internal import Typewriter
internal import WireFormats

extension GatewayLoop {
    /// `POST /v1/responses`.
    func askResponses(_ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        var items: [String: JSONValue]?
        var wire = try read(.openAIResponses, request) { body throws(RequestProblem) in
            try OpenAIResponsesRequest(
                body: body,
                stored: { id in
                    if items == nil { items = storedItems() }
                    return items?[id]
                }
            )
        }
        // An upstream that speaks the format keeps its responses itself.
        if let earlier = wire.previousResponseID, !speaksOnly(.openAIResponses, model: wire.chat.model) {
            guard let stored = services.responses[earlier] else {
                throw RequestProblem(
                    status: 400,
                    code: "previous_response_not_found",
                    message: "Previous response with id '\(earlier.prefix(100))' not found.",
                    parameter: "previous_response_id"
                )
            }
            wire = wire.continuing(from: stored.history)
        }
        let order = try order(for: wire, request, reply)
        guard order.isScripted else {
            guard !wire.isBackground else {
                throw RequestProblem(
                    code: "unsupported_parameter",
                    message: "Background responses are answered by the mock only.",
                    parameter: "background"
                )
            }
            _ = answer(order, reply)
            return
        }
        let stored = StoredResponse(request: wire, order: order)
        let now = Pacer.now()
        let id = stored.object(at: now).id
        if wire.isStored { services.responses.put(stored, as: id, bytes: stored.bytes + Self.weight(of: request)) }
        if wire.isBackground, !order.chat.isStreamed {
            services.requestLog.ended(reply.logID, .whole, status: 200, now: now)
            return reply.sendJSON(stored.object(at: order.start - 1).bytes)
        }
        let session = answer(order, reply)
        if wire.isBackground { session?.isCalledOff = calledOff(id) }
    }

    /// The items that a client may name instead of sending them again: those of the last responses. Made once for a
    /// request, however many it names.
    private func storedItems() -> [String: JSONValue] {
        var items: [String: JSONValue] = [:]
        for item in services.responses.newest(32).lazy.flatMap(\.items) {
            if let id = item["id"]?.text, items[id] == nil { items[id] = item }
        }
        return items
    }

    /// What is asked of a response that was made before.
    func answerResponse(
        _ id: String,
        _ action: APIRoute.ResponseAction,
        _ request: ServerRequest,
        _ reply: Reply
    ) throws(RequestProblem) {
        guard let stored = services.responses[id] else {
            throw RequestProblem(
                status: 404,
                code: "response_not_found",
                message: "Response with id '\(id.prefix(100))' not found."
            )
        }
        let parameters = try ParameterSet(query: Self.plainQuery(request.query))
        switch (action, request.method) {
        case (.itself, .delete):
            _ = services.responses.remove(id)
            reply.sendJSON(OpenAIResponsesLists.deleted(id: id))
        case (.itself, _) where parameters["stream"] == "true": try replay(stored, id, parameters, reply)
        case (.itself, _): reply.sendJSON(stored.object(at: Pacer.now()).bytes)
        case (.inputItems, _):
            let items = stored.request.inputItems(for: stored.order.identity)
            reply.sendJSON(try OpenAIResponsesLists.inputItems(items, page: OpenAIResponsesPage(parameters)))
        case (.cancel, _): try cancel(stored, id, reply)
        }
    }

    /// Sends the stream of a response again, from its start or from after an event; what is not due yet comes in time.
    private func replay(
        _ stored: StoredResponse,
        _ id: String,
        _ parameters: ParameterSet,
        _ reply: Reply
    ) throws(RequestProblem) {
        let after = try parameters.integer("starting_after", in: 0...Int.max)
        var order = stored.order
        order.chat.isStreamed = true
        order.plan = FaultPlan()
        let renderer = OpenAIResponsesRenderer(stored.request, for: order.identity, startingAfter: after)
        let session = answer(order, reply, renderer: renderer)
        session?.isCalledOff = calledOff(id)
    }

    private func cancel(_ stored: StoredResponse, _ id: String, _ reply: Reply) throws(RequestProblem) {
        guard stored.request.isBackground else {
            throw RequestProblem(code: "invalid_request", message: "Cannot cancel a synchronous response.")
        }
        let now = Pacer.now()
        let cancelled = services.responses.change(id) { stored in
            if stored.cancelled == nil { stored.cancelled = now }
            return stored
        }
        reply.sendJSON((cancelled ?? stored).object(at: now).bytes)
    }

    private func calledOff(_ id: String) -> () -> Bool {
        { [services] in services.responses[id]?.cancelled != nil }
    }

    /// Without the lists, whose names come more than once (`include[]`).
    private static func plainQuery(_ query: String?) -> String {
        (query ?? "").split(separator: "&").filter { !$0.hasPrefix("include") }.joined(separator: "&")
    }
}
