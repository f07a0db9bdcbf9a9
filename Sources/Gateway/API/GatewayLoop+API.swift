// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import JSON
internal import MockModel
internal import NIOCore
internal import Typewriter
internal import Upstream
internal import WireFormats

extension GatewayLoop {
    /// Answers a request of one of the APIs.
    func answer(_ route: APIRoute, _ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        switch route {
        case .openAIChat:
            let wire = try read(.openAIChat, request) { body throws(RequestProblem) in try OpenAIChatRequest(body: body)
            }
            try ask(wire, request, reply)
        case .openAICompletions: try ask(OpenAICompletionsRequest(body: json(request)), request, reply)
        case .openAIEmbeddings: try embed(request, reply)
        case .responses: try askResponses(request, reply)
        case .response(let id, let action): try answerResponse(id, action, request, reply)
        case .responseInputTokens:
            let wire = try OpenAIResponsesRequest(body: json(request))
            guard try !passOn(.openAIResponses, "/responses/input_tokens", model: wire.chat.model, request, reply)
            else { return }
            reply.sendJSON(OpenAIResponsesLists.inputTokens(TokenEstimate.input(wire.chat)))
        case .anthropicMessages:
            let version = request[field: "anthropic-version"]
            var wire = try read(.anthropicMessages, request) { body throws(RequestProblem) in
                try AnthropicMessagesRequest(body: body, version: version)
            }
            wire.requestID = reply.requestID
            try ask(wire, request, reply)
        case .anthropicCount:
            let version = request[field: "anthropic-version"]
            let wire = try AnthropicMessagesRequest(body: json(request), version: version, isCountOnly: true)
            guard try !passOn(.anthropicMessages, "/messages/count_tokens", model: wire.chat.model, request, reply)
            else { return }
            reply.sendJSON(AnthropicCount.body(tokens: TokenEstimate.input(wire.chat)))
        case .models(let family): try listModels(family, request, reply)
        case .model(let name, let family): try describeModel(name, family, reply)
        case .gemini(let model, let verb): try askGemini(model, verb, request, reply)
        case .ollama(let call): try answerOllama(call, request, reply)
        case .ollamaOrInterface:
            if UIMessageStreamRequest.isUIMessageBody(request.body) {
                reply.shape = UIMessageProblem.self
                try askInterface(request, reply)
            } else {
                let wire = try read(.ollamaChat, request) { body throws(RequestProblem) in
                    try OllamaChatRequest(body: body)
                }
                try askOllama(wire, request, reply)
            }
        case .interfaceResume(let chat): try resumeInterface(chat, request, reply)
        }
    }

    /// The body, which has to be JSON by its type too, as the real APIs want it.
    func json(_ request: ServerRequest) throws(RequestProblem) -> [UInt8] {
        let type = request.fields[.contentType]?.lowercased() ?? "application/json"
        guard
            type.contains("json") || type.hasPrefix("application/x-www-form-urlencoded") || type.hasPrefix("text/plain")
        else {
            throw RequestProblem(
                status: 415,
                code: "unsupported_media_type",
                message: "The body has to be JSON, with Content-Type: application/json."
            )
        }
        return request.body
    }

    /// Understands what is asked, and answers it.
    func ask(_ wire: any WireRequest, _ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        let order = try order(for: wire, request, reply)
        answer(order, reply)
    }

    /// Plays an order to its client.
    /// - Parameter renderer: Where the stream is not the wire format's plain one.
    @discardableResult
    func answer(
        _ order: AnswerOrder,
        _ reply: Reply,
        renderer: (any AnswerRenderer)? = nil
    ) -> AnswerSession? {
        if case .cassette(let cassette, let speed) = order.source {
            replay(cassette, speed: speed, order, reply)
            return nil
        }
        let (log, report) = (reply.logID, reply.report)
        reply.onRefusal = { [services] problem in
            services.requestLog.ended(log, .refused, status: problem.status, now: Pacer.now())
        }
        if case .upstream(let routed) = order.source, order.form != .events {
            relay(order, from: routed, reply, hold: hold(of: order))
            return nil
        }
        let now = Pacer.now()
        let session = session(for: order, reply, renderer: renderer)
        session.onEnd = { [services, unowned session] outcome, said in
            session.tell(report, outcome)
            services.requestLog.ended(log, outcome, status: 200, said: said, now: Pacer.now())
        }
        switch order.source {
        case .scripts(let scripts): session.play(scripts, now: now)
        case .upstream(let routed):
            let seed = order.identity.seed
            let call = call(routed, order.chat, passing: order.passed, seed: seed, for: session)
            report.call = call
            session.listen(to: call, now: now)
        case .cassette: break
        }
        return session
    }

    /// A session that answers `order`, and has not begun.
    /// - Parameters:
    ///   - renderer: Where the stream is not the wire format's plain one.
    ///   - outlet: Where the head has left already.
    func session(
        for order: AnswerOrder,
        _ reply: Reply,
        renderer: (any AnswerRenderer)? = nil,
        on outlet: (any Outlet)? = nil
    ) -> AnswerSession {
        let head = head(of: order, isStreamed: order.chat.isStreamed)
        let writer: any AnswerWriter =
            if order.chat.isStreamed {
                StreamedAnswer(
                    order,
                    renderer: renderer ?? order.wire.renderer(for: order.identity),
                    head: head,
                    reply: reply,
                    outlet: outlet
                )
            } else {
                CollectedAnswer(order, head: head, reply: reply)
            }
        let session = AnswerSession(order, writer: writer, hold: hold(of: order), loop: self)
        writer.delegate = session
        began(session)
        return session
    }

    private func hold(of order: AnswerOrder) -> Nanoseconds {
        let isHeld = order.chat.format != .uiMessageStream
        return isHeld ? Nanoseconds(services.configuration.mock.holdSeconds * 1e9) : 0
    }

    /// The fields of an answer that is going to be whole.
    func head(of order: AnswerOrder, isStreamed: Bool) -> HTTPFields {
        var head = isStreamed ? HTTPFields.eventStream(nil) : HTTPFields.json
        if isStreamed { head[.contentType] = order.wire.streamType }
        for (name, value) in order.wire.fields {
            if let name = HTTPField.Name(name) { head[name] = value }
        }
        if let type = order.plan.contentType { head[.contentType] = type }
        if isStreamed, let excess = order.plan.contentLengthExcess {
            head[.contentLength] = String(RenderedLength.of(order) + excess)
        }
        return head
    }
}
