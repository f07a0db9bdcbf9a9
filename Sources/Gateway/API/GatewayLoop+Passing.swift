// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import JSON
internal import MockModel
internal import Typewriter
internal import Upstream
internal import WireFormats

/// Requests that reach an upstream of their own format as they came, and answers that come back so.
extension GatewayLoop {
    /// What a client's head may say to the API.
    private static let passedFields = ["anthropic-beta", "anthropic-version", "openai-beta"]

    /// The request for those of a model's upstreams that speak its format; nil where none does.
    func passed(
        _ format: WireFormat,
        for purpose: PassedRequest.Purpose = .answer,
        _ request: ServerRequest,
        to routed: RoutedModel
    ) -> PassedRequest? {
        guard routed.plan.targets.contains(where: { $0.endpoint?.format == format }) else { return nil }
        let fields = Self.passedFields.compactMap { name in
            request[field: name].map { EncodedRequest.Field(name: name, value: $0) }
        }
        return PassedRequest(format, for: purpose, body: request.body, fields: fields)
    }

    /// Reads a request. One that is not understood here may still be: it goes as it is to the upstreams of its model, if
    /// they all speak its format, and they say what they think of it.
    /// - Parameter model: Where the body does not name it.
    func read<Wire: WireRequest>(
        _ format: WireFormat,
        model: String? = nil,
        _ request: ServerRequest,
        _ decode: ([UInt8]) throws(RequestProblem) -> Wire
    ) throws(RequestProblem) -> Wire {
        let body = try json(request)
        do throws(RequestProblem) {
            return try decode(body)
        } catch {
            guard let object = try? JSONReader.read(body), object.members != nil,
                let model = model ?? object["model"]?.text, speaksOnly(format, model: model, asItCame: true)
            else { throw error }
            return try decode(Self.stub(for: format, model: model, stream: object["stream"]?.bool))
        }
    }

    /// Whether all who answer for a model are upstreams that speak `format`.
    /// - Parameter asItCame: And none of them has to understand the request, to go on behind another's text.
    func speaksOnly(_ format: WireFormat, model: String, asItCame: Bool = false) -> Bool {
        let known = services.configuration.mock.models
        guard let name = try? MockParameters.split(model).name,
            case .upstream(let routed)? = try? services.catalogue.apiModel(named: name, knownModels: known)
        else { return false }
        if asItCame, routed.plan.policy.continuesElsewhere { return false }
        return routed.plan.targets.allSatisfy { $0.endpoint?.format == format }
    }

    /// A request that says no more than who is asked and whether the answer is to be streamed.
    private static func stub(for format: WireFormat, model: String, stream: Bool?) -> [UInt8] {
        JSONText.object { text in
            switch format {
            case .gemini: text.member("contents", JSONValue.array([Self.emptyContent]))
            case .openAIResponses: text.member("input", "")
            default: text.member("messages", JSONValue.array([Self.emptyMessage]))
            }
            if format != .gemini { text.member("model", model) }
            if format == .anthropicMessages { text.member("max_tokens", 1) }
            if let stream { text.member("stream", stream) }
        }
    }

    private static let emptyContent = JSONValue.object([
        JSONValue.Member(name: "parts", value: .array([.object([JSONValue.Member(name: "text", value: .string([]))])]))
    ])

    private static let emptyMessage = JSONValue.object([
        JSONValue.Member(name: "role", value: .string(Array("user".utf8))),
        JSONValue.Member(name: "content", value: .string([])),
    ])

    /// How the answer of an upstream that speaks the client's format reaches it: as it is, unless it is to be typed at
    /// another pace, broken on purpose, or gone on with by another upstream.
    func form(of order: AnswerOrder, _ routed: RoutedModel) -> AnswerForm {
        let pace = order.pace
        let isPlain = pace.unit == .delta && pace.isUnpaced && pace.maximumUnits == nil && pace.targetLag == nil
        guard order.passed != nil, isPlain, order.plan.faults.isEmpty, !routed.plan.policy.continuesElsewhere else {
            return .events
        }
        guard order.chat.isStreamed else { return .body }
        // A client of Gemini's that wants one JSON array gets it written anew: an upstream is asked for events.
        let isArray = order.chat.format == .gemini && !order.wire.streamType.hasPrefix("text/event-stream")
        return isArray ? .events : .frames
    }

    /// Passes an answer on to its client.
    func relay(_ order: AnswerOrder, from routed: RoutedModel, _ reply: Reply, hold: Nanoseconds) {
        let relay = RelayOrder(order, fields: head(of: order, isStreamed: true))
        let session = RelaySession(relay, reply: reply, hold: hold, loop: self)
        let call = call(
            routed,
            order.chat,
            passing: order.passed,
            as: order.form,
            seed: order.identity.seed,
            for: session
        )
        begin(session, call, reply)
    }

    /// Asks an upstream for something that is no answer to a conversation: vectors, a count. False where the model has no
    /// upstream that speaks the format.
    /// - Parameter purpose: The path behind the base of the API's address; of Gemini's, the verb.
    func passOn(
        _ format: WireFormat,
        _ purpose: String,
        model: String,
        _ request: ServerRequest,
        _ reply: Reply
    ) throws(RequestProblem) -> Bool {
        let name = try MockParameters.split(model).name
        let known = services.configuration.mock.models
        guard case .upstream(var routed) = try services.catalogue.apiModel(named: name, knownModels: known),
            let passed = passed(format, for: .other(purpose), request, to: routed)
        else { return false }
        routed.plan.targets.removeAll { $0.endpoint?.format != format }
        pass(passed, to: routed, request, reply)
        return true
    }

    /// Asks the upstream that keeps the responses of the Responses API for one of them. False where there is no such
    /// upstream, or several of which any may have it.
    func passOnResponse(
        _ id: String,
        _ action: APIRoute.ResponseAction,
        _ request: ServerRequest,
        _ reply: Reply
    ) -> Bool {
        let keepers = services.configuration.upstreams.filter { $0.format == .openAIResponses }
        // A name with other characters in it is no response's, and could lead elsewhere.
        let isName = id.utf8.allSatisfy { byte in
            Unicode.Scalar(byte).properties.isAlphabetic || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard let keeper = keepers.first, keepers.count == 1, isName, !id.isEmpty else { return false }
        let method: EncodedRequest.Method =
            switch request.method {
            case .get: .get
            case .delete: .delete
            default: .post
            }
        let end =
            switch action {
            case .itself: ""
            case .cancel: "/cancel"
            case .inputItems: "/input_items"
            }
        let query = request.query.map { "?" + $0 } ?? ""
        let passed = PassedRequest(.openAIResponses, for: .bare(method, "/responses/\(id)\(end)\(query)"), body: [])
        let plan = CallPlan(targets: [CallTarget(endpoint: keeper, model: "")])
        let isStreamed = query.contains("stream=true")
        pass(passed, to: RoutedModel(name: "", plan: plan), isStreamed: isStreamed, request, reply)
        return true
    }

    private func pass(
        _ passed: PassedRequest,
        to routed: RoutedModel,
        isStreamed: Bool = false,
        _ request: ServerRequest,
        _ reply: Reply
    ) {
        let now = Pacer.now()
        let relay = RelayOrder(passed.format, isStreamed: isStreamed, start: now)
        let session = RelaySession(relay, reply: reply, hold: 0, loop: self)
        var chat = ChatRequest(model: routed.name, messages: [], format: passed.format)
        chat.isStreamed = isStreamed
        reply.dropLimits()
        reply.report.asked(routed.name, in: passed.format)
        reply.logID = services.requestLog.began(
            record(of: request, chat, now: now, wallTime: WallClock.nanoseconds()),
            chat: nil
        )
        let seed = UInt64.random(in: 0...UInt64.max)
        let form = isStreamed ? AnswerForm.frames : .body
        begin(session, call(routed, chat, passing: passed, as: form, seed: seed, for: session), reply)
    }

    private func begin(_ session: RelaySession, _ call: UpstreamCall, _ reply: Reply) {
        let log = reply.logID
        session.onEnd = { [services] outcome, status in
            services.requestLog.ended(log, outcome, status: status, now: Pacer.now())
        }
        began(session)
        session.listen(to: call, now: Pacer.now())
    }
}
