// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import JSON
internal import Journal
internal import MockModel
internal import Typewriter
internal import Upstream
internal import WireFormats

/// What becomes of a request that may start a stream.
private enum StartResult {
    case started(Generation)
    /// The same request came before, and started this one.
    case existing(StreamID)
}

extension GatewayLoop {
    /// `/chat/stream`: starts a stream and reads it, or goes on where a reader stopped.
    func stream(_ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        if let cursor = try cursor(of: request) {
            return try resume(cursor, only: nil, isHead: request.method == .head, reply)
        }
        let order = try order(for: request, reply)
        guard request.method != .head else { return reply.streamHead() }
        let now = Pacer.now()
        switch try start(order, request, now: now) {
        case .started(let generation):
            reply.report.call = generation.call
            open(generation.stream, at: 0, isResumed: false, reply, now: now)
        case .existing(let id): read(id, offset: nil, isHead: false, reply)
        }
    }

    /// `POST /chat`: starts a stream that is read later.
    func startForLater(_ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        guard try Cursor.find(in: request) == nil else {
            throw RequestProblem(
                code: "unexpected_last_event_id",
                message: "POST /chat starts a stream. To go on with one, use /chat/stream.",
                parameter: Cursor.parameter
            )
        }
        let order = try order(for: request, reply)
        let (id, status): (StreamID, HTTPResponse.Status) =
            switch try start(order, request, now: Pacer.now()) {
            case .started(let generation): (generation.id, .created)
            case .existing(let id): (id, .ok)
            }
        reply.report.stream = id
        let url = "/chat/stream/\(id)"
        let body = JSONText.object { text in
            text.name("id")
            text.string(id.description)
            text.name("url")
            text.string(url)
        }
        reply.fields[.location] = url
        reply.send(ServerResponse(status: status, fields: .json, body: body))
    }

    /// `GET /chat/stream/<id>`: reads a stream from its start, or goes on.
    func read(_ text: Substring, _ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        let isHead = request.method == .head
        if let cursor = try cursor(of: request) {
            return try resume(cursor, only: text, isHead: isHead, reply)
        }
        try ParameterSet(query: request.query ?? "").check(known: [Cursor.parameter])
        guard let id = StreamID(text) else { throw Self.unknownStream }
        read(id, offset: nil, isHead: isHead, reply)
    }

    /// `DELETE /chat/streams/<id>`: stops a stream.
    func cancel(_ text: Substring, _ reply: Reply) throws(RequestProblem) {
        guard let id = StreamID(text), let home = services.journal.home(of: id) else { throw Self.unknownStream }
        services.execute(on: home) { $0.generation(id)?.cancel(now: Pacer.now()) }
        reply.sendNothing()
    }

    static let unknownStream = RequestProblem(
        status: 404,
        code: "unknown_stream",
        message: "There is no such stream, or it is no longer kept."
    )

    // MARK: Starting

    private func order(for request: ServerRequest, _ reply: Reply) throws(RequestProblem) -> StartOrder {
        let isPost = request.method == .post
        if isPost, !Self.isJSON(request.fields[.contentType]) {
            throw RequestProblem(
                status: 415,
                code: "unsupported_media_type",
                message: "The body has to be JSON, with Content-Type: application/json."
            )
        }
        let decoded = try PlainStreamRequest.decode(
            query: request.query,
            body: isPost ? request.body : nil,
            knownNames: MockParameters.names.union([Cursor.parameter])
        )
        return try order(for: decoded, model: services.catalogue.model(named: decoded.model), request, reply)
    }

    private static func idempotencyKey(_ request: ServerRequest) -> String? {
        guard let key = HTTPField.Name("idempotency-key").flatMap({ request.fields[$0] }), !key.isEmpty else {
            return nil
        }
        return key
    }

    private static func isJSON(_ contentType: String?) -> Bool {
        let type = contentType?.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        return type?.lowercased() == "application/json"
    }

    private func start(
        _ order: StartOrder,
        _ request: ServerRequest,
        now: Nanoseconds
    ) throws(RequestProblem) -> StartResult {
        guard !services.journal.isFull else {
            throw RequestProblem(status: 503, code: "overloaded", message: "The server holds as much text as it may.")
        }
        let id = StreamID.random()
        if request.method == .post, let key = Self.idempotencyKey(request) {
            let identity = Array((request.query ?? "").utf8) + [0] + request.body
            switch services.journal.claim(key, for: id, request: identity) {
            case .new: break
            case .same(let id): return .existing(id)
            case .other:
                throw RequestProblem(
                    status: 422,
                    code: "idempotency_key_reused",
                    message: "This Idempotency-Key was used for another request. Use a new one."
                )
            }
        }
        return .started(begin(order, id: id, now: now))
    }

    private func begin(_ order: StartOrder, id: StreamID, now: Nanoseconds) -> Generation {
        let spec = StreamSpec(
            id: id,
            request: order.request,
            model: order.model,
            pace: order.pace,
            seed: order.seed,
            created: WallClock.seconds(),
            plan: order.plan,
            requestTime: now,
            logID: order.logID
        )
        let chat = ChatRequest(
            model: order.model.name,
            messages: order.request.messages,
            wantsUsage: order.request.events.contains(.usage)
        )
        var pace = order.pace
        if order.script != nil, pace.unit == .delta { pace.unit = .token }
        if let script = order.script { return start(spec, pace: pace, playing: script, chat, now: now) }
        switch order.model {
        case .mock(let answer):
            // The mock has no deltas, it says all at once: what a model would send at once is a token.
            if pace.unit == .delta { pace.unit = .token }
            return start(spec, pace: pace, saying: answer.text(for: chat, seed: order.seed), chat, now: now)
        case .upstream(let routed):
            return start(spec, pace: pace, asking: routed, chat, now: now)
        }
    }
}
