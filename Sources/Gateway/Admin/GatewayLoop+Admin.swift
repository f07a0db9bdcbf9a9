// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import JSON
internal import MockModel
internal import Synchronization
internal import Typewriter
internal import WireFormats

extension GatewayLoop {
    /// `/admin`: what was asked, and what is answered. Only for those who may.
    func answerAdmin(_ route: AdminRoute, _ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        let allow = (route.methods + [.options]).map(\.rawValue).joined(separator: ", ")
        if request.method == .options {
            return reply.preflight(services.origins.preflightFields(for: request, isAPI: true), allow: allow)
        }
        try checkAdmin(request)
        guard route.methods.contains(request.method) else {
            reply.fields[.allow] = allow
            let message = "\(request.method.rawValue) is not possible here. Possible: \(allow)."
            throw RequestProblem(status: 405, code: "method_not_allowed", message: message)
        }
        switch route {
        case .requests: try answerRequests(request, reply)
        case .request(let id):
            guard let record = services.requestLog.record(id) else { throw Self.notKept }
            var json = JSONText()
            AdminJSON.append(record, isWhole: true, to: &json)
            reply.sendJSON(json.bytes)
        case .counts: reply.sendJSON(AdminJSON.counts(services.requestLog.counts()))
        case .reset:
            services.requestLog.reset()
            services.scenarios.resetCounters()
            services.requestRate.withLock { $0 = RequestRate() }
            reply.sendNothing()
        case .scenarios: try answerScenarios(request, reply)
        case .scenario(let name):
            guard services.scenarios.remove(named: name) else {
                throw RequestProblem(
                    status: 404,
                    code: "unknown_scenario",
                    message: "There is no scenario of that name."
                )
            }
            reply.sendNothing()
        case .explain: reply.sendJSON(AdminJSON.verdicts(try explain(request)))
        case .plan: reply.sendJSON(try plan(request))
        }
    }

    private static let notKept = RequestProblem(
        status: 404,
        code: "unknown_request",
        message: "There is no such request, or it is no longer kept."
    )

    /// Nobody looks in who reaches the server over a network and shows no key.
    func checkAdmin(_ request: ServerRequest) throws(RequestProblem) {
        guard services.isAdminOpen else {
            throw RequestProblem(
                status: 404,
                code: "not_found",
                message:
                    "/admin is off: the server listens on a public address. Set a key with --admin-key-env or admin.key."
            )
        }
        guard !services.isAdminGuarded || isAdmin(request) else {
            throw RequestProblem(
                status: 401,
                code: "invalid_admin_key",
                message: "/admin needs its key, as Authorization: Bearer <key>, or the certificate of a client that "
                    + "stands for the key \"\(Self.adminName)\"."
            )
        }
        if let refusal = services.origins.refusal(of: request, isGuarded: true) {
            throw RequestProblem(status: 403, code: "forbidden", message: refusal)
        }
    }

    /// By which the keys of clients' certificates mean ours.
    private static let adminName = "admin"

    private func isAdmin(_ request: ServerRequest) -> Bool {
        if request.clientName == Self.adminName { return true }
        guard let key = services.configuration.admin.key, let shown = request.apiKey else { return false }
        return Secret.equal(shown, key)
    }

    private func answerRequests(_ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        guard request.method != .delete else {
            services.requestLog.reset()
            return reply.sendNothing()
        }
        let parameters = try ParameterSet(query: request.query ?? "")
        try parameters.check(known: ["limit", "session"])
        let limit = try parameters.integer("limit", in: 1...100_000) ?? 100
        let records = services.requestLog.records(limit: limit, session: parameters["session"])
        reply.sendJSON(
            JSONText.object { json in
                json.arrayMember("requests") { json in
                    for record in records { AdminJSON.append(record, isWhole: false, to: &json) }
                }
            }
        )
    }

    private func answerScenarios(_ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        guard request.method == .post else { return reply.sendJSON(AdminJSON.scenarios(services.scenarios.list())) }
        let source = ScenarioSource(path: "/admin/scenarios", text: String(decoding: request.body, as: UTF8.self))
        do throws(ScenarioProblem) {
            let library = try ScenarioLibrary([source], checks: ScenarioLoader.checks(services.paces))
            services.scenarios.add(library)
        } catch {
            throw RequestProblem(code: "invalid_scenario", message: error.description)
        }
        reply.sendJSON(AdminJSON.scenarios(services.scenarios.list()), status: .created)
    }

    /// Which scenario would answer the request in the body, and why each other one would not.
    private func explain(_ request: ServerRequest) throws(RequestProblem) -> [ScenarioVerdict] {
        let parameters = try ParameterSet(query: request.query ?? "")
        try parameters.check(known: ["format", "path", "session"])
        let format = try parameters.choice("format", of: WireFormat.self) ?? .openAIChat
        let input = try ExplainedRequest.input(
            body: request.body,
            format: format,
            path: parameters["path"],
            headers: request.fields.map { ($0.name.canonicalName, $0.value) }
        )
        return services.scenarios.explain(input, session: parameters["session"] ?? request.mockSession)
    }

    /// When the units of a text would be typed: for a preview of a cadence.
    private func plan(_ request: ServerRequest) throws(RequestProblem) -> [UInt8] {
        var parameters = try ParameterSet(query: request.query ?? "")
        try parameters.check(known: PaceDecoder.names.union(["text"]))
        parameters.fill(from: ParameterSet(values: ["unit": "token", "rate": "50"]))
        let text = parameters["text"] ?? "The quick brown fox jumps over the lazy dog. It does so, again and again."
        let pace = try services.paces.pace(from: parameters, isMock: true)
        let seed = try services.paces.seed(from: parameters)
        var player = AnswerPlayer(pace: pace, seed: seed, start: 0)
        player.play(AnswerScript(steps: [.text(Array(text.utf8.prefix(64 << 10)))]), now: 0)
        return JSONText.object { json in
            json.member("seed", String(seed))
            json.arrayMember("units") { json in
                while case .unit(_, let range, let due) = player.next(now: .max / 2) {
                    json.array { json in
                        json.number(Double(due) / 1e6)
                        json.string(Array(player.text[range.lowerBound - player.base..<range.upperBound - player.base]))
                    }
                }
            }
        }
    }
}
