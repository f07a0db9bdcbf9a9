// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import WireFormats

extension GatewayLoop {
    /// The way in to the APIs: names the request, and sees to its method and its preflight.
    func answerAPI(_ route: APIRoute, _ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        reply.shape = route.family.problems
        let allow = (route.methods + [.options]).map(\.rawValue).joined(separator: ", ")
        if request.method == .options {
            return reply.preflight(services.origins.preflightFields(for: request, isAPI: true), allow: allow)
        }
        name(reply)
        guard route.methods.contains(request.method) else {
            reply.fields[.allow] = allow
            throw RequestProblem(
                status: 405,
                code: "method_not_allowed",
                message: "\(request.method.rawValue) is not possible here. Possible: \(allow)."
            )
        }
        do throws(RequestProblem) {
            try answer(route, request, reply)
        } catch {
            noteRefusal(error, of: request, reply)
            throw error
        }
    }

    /// A request that nobody understood is in the log too: that is where one looks for the reason.
    private func noteRefusal(_ problem: RequestProblem, of request: ServerRequest, _ reply: Reply) {
        guard reply.logID == 0 else { return }
        let now = Pacer.now()
        let id = services.requestLog.began(
            record(of: request, nil, now: now, wallTime: WallClock.nanoseconds()),
            chat: nil
        )
        services.requestLog.ended(id, .refused, status: problem.status, now: now)
    }

    /// Each answer bears a name of its own, and how much of the limit of requests is left: of a mock, all.
    func name(_ reply: Reply) {
        reply.requestID = RequestReport.newID()
        if let name = reply.shape.requestIDField.flatMap({ HTTPField.Name($0) }) {
            reply.fields[name] = reply.requestID
        }
        let limit = RateLimit(
            limit: 10_000,
            remaining: 9_999,
            resetSeconds: 0.006,
            now: Double(WallClock.nanoseconds()) / 1e9
        )
        for (name, value) in reply.shape.fields(of: limit) {
            if let name = HTTPField.Name(name) { reply.fields[name] = value }
        }
    }
}
