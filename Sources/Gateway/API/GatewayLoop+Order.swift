// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import MockModel
internal import Synchronization
internal import Typewriter
internal import Upstream
internal import WireFormats

extension GatewayLoop {
    /// Makes of a request all that its answer depends on, or the error that it is to get.
    ///
    /// The query's parameters beat the model name's, these the scenario's, these the configuration's.
    func order(
        for wire: any WireRequest,
        _ request: ServerRequest,
        _ reply: Reply
    ) throws(RequestProblem) -> AnswerOrder {
        let now = Pacer.now()
        let wallTime = WallClock.nanoseconds()
        var chat = wire.chat
        let (name, tail) = try MockParameters.split(chat.model)
        chat.model = name
        reply.report.asked(name, in: chat.format)
        var parameters = try MockParameters.fromQuery(request.query)
        parameters.fill(from: tail)
        var record = record(of: request, chat, now: now, wallTime: wallTime)
        do throws(RequestProblem) {
            let model = try services.catalogue.apiModel(named: name, knownModels: services.configuration.mock.models)
            var seed = try seed(parameters, chat)
            var match: ScenarioMatch?
            if case .mock = model {
                let input = ScenarioInput(
                    request: chat,
                    path: request.path,
                    headers: request.fields.map { ($0.name.canonicalName, $0.value) },
                    apiKey: request.apiKey,
                    now: wallTime
                )
                match = services.scenarios.match(input, session: request.mockSession, seed: seed)
                if let match {
                    parameters.fill(from: ParameterSet(values: match.pace))
                    seed = try self.seed(parameters, chat)
                }
                record.scenario = match?.name
            }
            let isPaced = Self.paceNames.contains { parameters[$0] != nil }
            if case .mock = model {
                parameters.fill(from: ParameterSet(values: services.configuration.mock.parameters(for: chat.format)))
            }
            record.seed = seed
            let plan = FaultPlan(try FaultPlan(parameters["fault"] ?? "").drawn(seed: seed))
            record.faults = plan.faults.isEmpty ? nil : plan.text
            reply.logID = services.requestLog.began(record, chat: chat)
            try refuse(by: plan, match, request, reply)
            var order = try makeOrder(wire, chat, model, plan, parameters, seed: seed, now: now, wallTime: wallTime)
            if case .upstream(let routed) = model {
                order.passed = passed(chat.format, request, to: routed)
                reply.dropLimits()
            }
            try fill(&order, model, match, parameters, isPaced: isPaced)
            return order
        } catch {
            if reply.logID == 0 { reply.logID = services.requestLog.began(record, chat: chat) }
            services.requestLog.ended(
                reply.logID,
                .refused,
                status: error.status,
                retryAfter: error.retryAfter,
                now: Pacer.now()
            )
            throw error
        }
    }

    /// What the log of requests keeps of one.
    func record(
        of request: ServerRequest,
        _ chat: ChatRequest?,
        now: Nanoseconds,
        wallTime: Int64
    ) -> RequestRecord {
        RequestRecord(
            received: wallTime,
            method: request.method.rawValue,
            target: HeaderMask.masked(target: request.path, query: request.query),
            headers: HeaderMask.masked(request.fields),
            body: request.body,
            session: request.mockSession,
            format: chat?.format.rawValue,
            model: chat?.model,
            start: now
        )
    }

    /// Who gives one of these wants the answer typed, whoever says it.
    static let paceNames = ["rate", "cadence", "unit", "burst", "pause", "jitter"]

    /// The mock's own seed beats the API's, which beats the configuration's.
    private func seed(_ parameters: ParameterSet, _ chat: ChatRequest) throws(RequestProblem) -> UInt64 {
        if parameters["seed"] != nil { return try services.paces.seed(from: parameters) }
        return chat.seed ?? services.configuration.mock.seed ?? .random(in: 0...UInt64.max)
    }

    /// What is refused before there is an answer: by a scenario, by a fault, by a limit of requests.
    private func refuse(
        by plan: FaultPlan,
        _ match: ScenarioMatch?,
        _ request: ServerRequest,
        _ reply: Reply
    ) throws(RequestProblem) {
        if let limit = plan.rateLimit { try admit(request, limit: limit, reply) }
        if let (status, retryAfter) = plan.status {
            throw RequestProblem(
                status: status,
                code: Self.faultCode(status),
                message: Self.faultMessage(status),
                retryAfter: retryAfter
            )
        }
        if case .problem(let status, let code, let message, let retryAfter) = match?.reply {
            throw RequestProblem(
                status: status,
                code: code ?? Self.faultCode(status),
                message: message ?? Self.faultMessage(status),
                retryAfter: retryAfter
            )
        }
    }

    /// Counts a request against a limit; the fields of the answer tell what is left.
    func admit(_ request: ServerRequest, limit: Int, _ reply: Reply) throws(RequestProblem) {
        let key = request.mockSession + "\n" + (request.apiKey ?? "")
        let state = services.requestRate.withLock { $0.admit(key: key, limit: limit, now: Pacer.now()) }
        let told = RateLimit(
            limit: limit,
            remaining: state.remaining,
            resetSeconds: state.resetSeconds,
            now: Double(WallClock.nanoseconds()) / 1e9
        )
        for (name, value) in reply.shape.fields(of: told) {
            if let name = HTTPField.Name(name) { reply.fields[name] = value }
        }
        guard !state.isAdmitted else { return }
        throw RequestProblem(
            status: 429,
            code: "rate_limit_exceeded",
            message: "The limit of \(limit) requests a minute is reached. Try again later.",
            retryAfter: state.resetSeconds.rounded(.up)
        )
    }

    /// As the gateway itself would name it, so that each format finds its own word.
    static func faultCode(_ status: Int) -> String {
        switch status {
        case 400: "invalid_request"
        case 401: "invalid_api_key"
        case 403: "forbidden"
        case 404: "unknown_model"
        case 413: "payload_too_large"
        case 415: "unsupported_media_type"
        case 429: "rate_limit_exceeded"
        case 503, 529: "overloaded"
        default: "fault"
        }
    }

    /// What went wrong, where nobody said it in words of his own.
    static func faultMessage(_ status: Int) -> String {
        switch status {
        case 401: "The API key is not valid."
        case 403: "This key has no access to that."
        case 404: "There is no such model."
        case 429: "The rate limit is reached. Try again later."
        case 503, 529: "The server is overloaded. Try again later."
        case 500...: "The server had an error while it processed your request."
        default: "The request cannot be done."
        }
    }

    private func makeOrder(
        _ wire: any WireRequest,
        _ chat: ChatRequest,
        _ model: Catalogue.Model,
        _ plan: FaultPlan,
        _ parameters: ParameterSet,
        seed: UInt64,
        now: Nanoseconds,
        wallTime: Int64
    ) throws(RequestProblem) -> AnswerOrder {
        // A test that fixes the seed wants the same bytes; one that lets the API's own seed do so wants true times.
        let isFrozen = parameters["seed"] != nil || services.configuration.mock.seed != nil
        return AnswerOrder(
            wire: wire,
            chat: chat,
            identity: AnswerIdentity(
                model: chat.model,
                seed: seed,
                created: isFrozen ? WallClock.frozenNanoseconds : wallTime,
                inputTokens: TokenEstimate.input(chat)
            ),
            pace: Pace(),
            source: .scripts([]),
            plan: plan,
            start: now
        )
    }
}
