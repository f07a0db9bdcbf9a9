// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import MockModel
internal import Typewriter
internal import WireFormats

extension GatewayLoop {
    /// What a request for `/chat/stream` comes to: the scenario that answers it, if one does, and what is to go wrong.
    func order(
        for decoded: PlainStreamRequest,
        model: Catalogue.Model,
        _ request: ServerRequest,
        _ reply: Reply
    ) throws(RequestProblem) -> StartOrder {
        reply.report.asked(decoded.model ?? model.name, in: .plainStream)
        var parameters = decoded.parameters
        var model = model
        var isMock = false
        if case .mock = model { isMock = true }
        let isPaced = Self.paceNames.contains { parameters[$0] != nil }
        if case .upstream(let routed) = model, !isPaced {
            parameters.fill(from: ParameterSet(values: routed.paceDefaults))
        }
        var seed = try plainSeed(parameters)
        var script: AnswerScript?
        let match = isMock ? match(decoded, model, request, seed: seed) : nil
        if let match {
            parameters.fill(from: ParameterSet(values: match.pace))
            seed = parameters["seed"] == nil ? seed : try services.paces.seed(from: parameters)
        }
        let plan = FaultPlan(try FaultPlan(parameters["fault"] ?? "").drawn(seed: seed))
        let logID = note(request, decoded, model, match, plan, seed: seed)
        do throws(RequestProblem) {
            if let match { script = try self.script(match.reply, model: &model) }
            if let limit = plan.rateLimit { try admit(request, limit: limit, reply) }
            try refuse(by: plan)
        } catch {
            let now = Pacer.now()
            services.requestLog.ended(logID, .refused, status: error.status, retryAfter: error.retryAfter, now: now)
            throw error
        }
        let speed = try services.paces.speed(from: parameters) ?? services.configuration.mock.speed
        return StartOrder(
            request: decoded,
            model: model,
            pace: try services.paces.pace(from: parameters, isMock: isMock, speed: isMock ? speed : 1),
            seed: seed,
            plan: plan,
            script: script?.scaled(by: speed),
            logID: logID
        )
    }

    private func refuse(by plan: FaultPlan) throws(RequestProblem) {
        guard let (status, retryAfter) = plan.status else { return }
        throw RequestProblem(
            status: status,
            code: "fault",
            message: "A fault that was asked for.",
            retryAfter: retryAfter
        )
    }

    /// Puts the request into the log.
    private func note(
        _ request: ServerRequest,
        _ decoded: PlainStreamRequest,
        _ model: Catalogue.Model,
        _ match: ScenarioMatch?,
        _ plan: FaultPlan,
        seed: UInt64
    ) -> UInt64 {
        let chat = ChatRequest(model: decoded.model ?? model.name, messages: decoded.messages)
        var record = record(of: request, chat, now: Pacer.now(), wallTime: WallClock.nanoseconds())
        record.scenario = match?.name
        record.faults = plan.faults.isEmpty ? nil : plan.text
        record.seed = seed
        return services.requestLog.began(record, chat: chat)
    }

    private func plainSeed(_ parameters: ParameterSet) throws(RequestProblem) -> UInt64 {
        if parameters["seed"] == nil, let seed = services.configuration.mock.seed { return seed }
        return try services.paces.seed(from: parameters)
    }

    private func match(
        _ decoded: PlainStreamRequest,
        _ model: Catalogue.Model,
        _ request: ServerRequest,
        seed: UInt64
    ) -> ScenarioMatch? {
        let input = ScenarioInput(
            request: ChatRequest(model: decoded.model ?? model.name, messages: decoded.messages),
            path: request.path,
            headers: request.fields.map { ($0.name.canonicalName, $0.value) },
            apiKey: request.apiKey,
            now: WallClock.nanoseconds()
        )
        return services.scenarios.match(input, session: request.mockSession, seed: seed)
    }

    private func script(
        _ reply: ScenarioReply,
        model: inout Catalogue.Model
    ) throws(RequestProblem) -> AnswerScript? {
        switch reply {
        case .answer(let script): return script
        case .builtIn(let answer):
            model = .mock(answer)
            return nil
        case .problem(let status, let code, let message, let retryAfter):
            throw RequestProblem(
                status: status,
                code: code ?? "scenario",
                message: message ?? "A scenario answers with this status.",
                retryAfter: retryAfter
            )
        case .cassette(let path, _, let speed):
            let chat = ChatRequest(model: model.name, messages: [])
            let source = try cassette(path, isRaw: false, speed: speed ?? 1, keepsTiming: false, chat, FaultPlan())
            guard case .scripts(let scripts) = source else { return nil }
            return scripts.first
        }
    }
}
