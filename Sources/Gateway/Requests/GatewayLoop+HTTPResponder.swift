// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import HTTPTypes
internal import Logging
internal import Metrics
internal import WireFormats

extension GatewayLoop: HTTPResponder {
    func respond(to request: ServerRequest, through exchange: Exchange) {
        let report = RequestReport(request, client: exchange.clientAddress, now: Pacer.now())
        exchange.onEnd { [services] end in report.write(to: services.logger, end, now: Pacer.now()) }
        let reply = Reply(exchange: exchange, fields: fields(for: request), report: report, pacer: pacer)
        do throws(RequestProblem) {
            try answer(request, reply)
        } catch {
            reply.refuse(error)
        }
    }

    func answer(to problem: HTTPProblem, request: ServerRequest?) -> ServerResponse {
        let shape = request.flatMap { APIFamily(path: $0.path)?.problems } ?? PlainStreamProblem.self
        let told = RequestProblem(status: problem.status.code, code: problem.code, message: problem.message)
        pacer.metrics.responded(status: told.status)
        RequestReport.write(problem, path: request?.path, to: services.logger)
        var fields = request.map { self.fields(for: $0) } ?? HTTPFields()
        for field in HTTPFields.json { fields.append(field) }
        return ServerResponse(status: problem.status, fields: fields, body: shape.body(of: told, requestID: ""))
    }

    /// What every answer to `request` carries.
    private func fields(for request: ServerRequest) -> HTTPFields {
        var fields = services.origins.fields(for: request)
        if request.isSecure, let seconds = services.configuration.tls?.strictTransportSeconds {
            fields[.strictTransportSecurity] = "max-age=\(seconds)"
        }
        return fields
    }

    /// Whoever scans the network could fill the log: who looks into one asks for more.
    func handshakeFailed(_ reason: String, client: String?) {
        pacer.metrics.handshakeFailed()
        services.logger.debug(
            "Handshake failed",
            metadata: ["client": "\(client ?? "")", "error": "\(reason)"]
        )
    }

    private func answer(_ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        guard !request.isOverCapacity else { return turnAway(request, reply) }
        if !request.isSecure, let port = services.securePort {
            return reply.send(try SecureRedirect.answer(to: request, port: port))
        }
        if let refusal = services.origins.refusal(of: request) {
            throw RequestProblem(status: 403, code: "forbidden", message: refusal)
        }
        if let route = AdminRoute(path: request.path) { return try answerAdmin(route, request, reply) }
        if let route = StatusRoute(rawValue: request.path) { return try answerStatus(route, request, reply) }
        if let route = APIRoute(request) { return try answerAPI(route, request, reply) }
        guard let route = ChatRoute(path: request.path) else {
            if let family = APIFamily(path: request.path) {
                reply.shape = family.problems
                name(reply)
            }
            let message = "There is nothing at \(request.path.prefix(100)). The page is at /, the API at /chat/stream."
            throw RequestProblem(status: 404, code: "not_found", message: message)
        }
        if request.method == .options {
            return reply.preflight(services.origins.preflightFields(for: request), allow: route.allow)
        }
        guard route.methods.contains(request.method) else {
            reply.fields[.allow] = route.allow
            let message = "\(request.method.rawValue) is not possible here. Possible: \(route.allow)."
            throw RequestProblem(status: 405, code: "method_not_allowed", message: message)
        }
        // The contract's own rule (chat-stream.md, "Requests"); elsewhere a POST without a length has an empty body.
        if request.method == .post, !request.hasBody {
            let message = "A POST needs a Content-Length or chunked transfer coding."
            throw RequestProblem(status: 411, code: "length_required", message: message)
        }
        switch route {
        case .page(let page): reply.send(page.response)
        case .models: reply.send(ServerResponse(status: .ok, fields: .json, body: services.catalogue.listing()))
        case .start: try startForLater(request, reply)
        case .stream: try stream(request, reply)
        case .reader(let id): try read(id, request, reply)
        case .cancellation(let id): try cancel(id, reply)
        }
    }

    /// There is no room: new streams are told so, and one that resumes is sent away to come back later, because an
    /// EventSource gives up for good at any status but 200.
    private func turnAway(_ request: ServerRequest, _ reply: Reply) {
        let isStream = request.path == "/chat/stream" || request.path.hasPrefix("/chat/stream/")
        if isStream, (try? Cursor.find(in: request)) != nil {
            return reply.sendAway()
        }
        reply.fields[.retryAfter] = "5"
        let problem = RequestProblem(status: 503, code: "overloaded", message: "The server has no connection to spare.")
        reply.refuse(problem, closing: true)
    }
}
