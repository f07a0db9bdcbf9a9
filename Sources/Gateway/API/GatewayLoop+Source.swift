// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPTypes
internal import MockModel
internal import Typewriter
internal import Upstream
internal import WireFormats

extension GatewayLoop {
    /// Puts into an order what is said, and how it is typed.
    /// - Parameter isPaced: The request or its scenario asks for a pace.
    func fill(
        _ order: inout AnswerOrder,
        _ model: Catalogue.Model,
        _ match: ScenarioMatch?,
        _ parameters: ParameterSet,
        isPaced: Bool
    ) throws(RequestProblem) {
        switch model {
        case .upstream(let routed):
            order.pace = try upstreamPace(parameters, routed, isPaced: isPaced)
            order.form = form(of: order, routed)
            let format = order.chat.format
            let isOneFormat = routed.plan.targets.allSatisfy { $0.endpoint?.format == format }
            if order.form == .events || !isOneFormat { try Self.refuseSeveralAnswers(order.chat) }
            try refuseLosses(order.chat, routed)
            order.source = .upstream(routed)
        case .mock(let answer):
            let speed = try services.paces.speed(from: parameters) ?? services.configuration.mock.speed
            order.pace = try mockPace(parameters, speed: speed)
            switch match?.reply {
            case .answer(let script):
                let scripts = [AnswerScript](repeating: script, count: order.chat.choices)
                // Some formats tell it before the answer.
                if let usage = script.usage { order.identity.inputTokens = usage.inputTokens }
                order.source = .scripts(finished(scripts, order, speed: speed))
            case .cassette(let path, let isRaw, let own):
                let speed = own ?? speed
                order.source = try cassette(path, isRaw: isRaw, speed: speed, keepsTiming: !isPaced, order.chat)
                // Its pauses are its pace.
                if !isPaced { order.pace = Pace(unit: .delta, rate: 0) }
            case .builtIn(let other): order.source = .scripts(builtIn(other, order, speed: speed))
            case .problem, nil: order.source = .scripts(builtIn(answer, order, speed: speed))
            }
        }
    }

    /// A translated answer is one: where several are wanted, for whichever reason, the client has to ask again.
    private static func refuseSeveralAnswers(_ chat: ChatRequest) throws(RequestProblem) {
        guard chat.choices > 1 else { return }
        // Each prompt of a legacy completion is a message.
        let prompts = chat.format == .openAICompletions ? chat.messages.count : 1
        let each = prompts > 1 ? "each of the \(prompts) prompts" : "each answer"
        throw RequestProblem(
            code: "unsupported_parameter",
            message: "Several answers pass only from an upstream of this format, as they come. Ask once for \(each).",
            parameter: prompts > 1 ? "prompt" : "n"
        )
    }

    /// Where its route wants that, a request is refused that an upstream's format has no place for.
    func refuseLosses(_ chat: ChatRequest, _ routed: RoutedModel) throws(RequestProblem) {
        guard routed.losses == .error else { return }
        for target in routed.plan.targets {
            guard let endpoint = target.endpoint, endpoint.format != chat.format,
                let losses = RequestEncoders.encode(chat, for: endpoint.format, model: target.model)?.losses,
                !losses.isEmpty
            else { continue }
            throw RequestProblem(
                code: "unsupported_parameter",
                message: "The upstream of this model has no place for: \(losses.joined(separator: ", ")).",
                parameter: losses.first
            )
        }
    }

    /// What the mock says where no upstream does, and how it is typed.
    func mockScript(_ answer: String, for order: AnswerOrder) -> (AnswerScript, Pace) {
        let script = MockBrain.script(
            for: order.chat,
            as: MockAnswer(rawValue: answer) ?? .mock,
            choice: 0,
            seed: order.identity.seed
        )
        let speed = services.configuration.mock.speed
        return (finished([script], order, speed: speed)[0], Pace(unit: .token, rate: 50).scaled(by: speed))
    }

    /// What an upstream says passes as it comes, unless a pace is asked for.
    private func upstreamPace(
        _ parameters: ParameterSet,
        _ routed: RoutedModel,
        isPaced: Bool
    ) throws(RequestProblem) -> Pace {
        var parameters = parameters
        if !isPaced {
            parameters.fill(from: ParameterSet(values: routed.paceDefaults))
            let isSmooth = parameters["smooth"].map { $0 != "0" } ?? false
            parameters.fill(from: ParameterSet(values: isSmooth ? ["unit": "word"] : ["unit": "delta", "rate": "0"]))
        }
        return try services.paces.pace(from: parameters, isMock: false)
    }

    /// The mock types tokens at a model's speed.
    private func mockPace(_ parameters: ParameterSet, speed: Double) throws(RequestProblem) -> Pace {
        var parameters = parameters
        parameters.fill(from: ParameterSet(values: ["unit": "token"]))
        let hasOwnGaps = parameters["cadence"].map { services.paces.cadences[$0] != nil } ?? false
        if !hasOwnGaps { parameters.fill(from: ParameterSet(values: ["rate": "50"])) }
        var pace = try services.paces.pace(from: parameters, isMock: true, speed: speed)
        // The mock has no deltas: what a model would send at once is a token.
        if pace.unit == .delta { pace.unit = .token }
        return pace
    }

    private func builtIn(_ answer: MockAnswer, _ order: AnswerOrder, speed: Double) -> [AnswerScript] {
        let scripts = (0..<order.chat.choices).map { choice in
            MockBrain.script(
                for: Self.question(order.chat, ofChoice: choice),
                as: answer,
                choice: choice,
                seed: order.identity.seed
            )
        }
        return finished(scripts, order, speed: speed)
    }

    /// Legacy completions take several prompts, each a user's message, and answer each with the same number of choices.
    private static func question(_ chat: ChatRequest, ofChoice choice: Int) -> ChatRequest {
        guard chat.format == .openAICompletions, chat.messages.count > 1 else { return chat }
        var one = chat
        one.messages = [chat.messages[choice * chat.messages.count / chat.choices]]
        return one
    }

    /// Scripts within what the request allows.
    private func finished(_ scripts: [AnswerScript], _ order: AnswerOrder, speed: Double) -> [AnswerScript] {
        scripts.map { script in
            let chat = order.chat
            let limited = script.limited(maximumTokens: chat.maximumTokens, stopSequences: chat.stopSequences)
            let broken = order.plan.brokenToolArguments ? limited.breakingToolArguments() : limited
            return broken.scaled(by: speed)
        }
    }
}
