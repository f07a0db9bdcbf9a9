// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Typewriter

/// What a scenario answers, before its templates are filled.
enum ReplyPlan: Sendable {
    case steps([Step], finish: FinishReason, usage: Usage?)
    case builtIn(MockAnswer)
    case problem(status: Int, code: Template?, message: Template?, retryAfter: Double?)
    case cassette(path: String, isRaw: Bool?, speed: Double?)

    enum Step: Sendable {
        case text(Template)
        case reasoning(Template)
        case refusal(Template)
        /// Without an id, one is drawn from the seed.
        case toolCall(name: String, arguments: Template, id: String?)
        case pause(Nanoseconds)
        case faults([Fault])
    }

    func reply(to input: ScenarioInput, seed: UInt64) -> ScenarioReply {
        var filler = TemplateFiller(input, seed: seed)
        switch self {
        case .builtIn(let answer): return .builtIn(answer)
        case .cassette(let path, let isRaw, let speed): return .cassette(path: path, isRaw: isRaw, speed: speed)
        case .problem(let status, let code, let message, let retryAfter):
            return .problem(
                status: status,
                code: code.map { filler.text($0) },
                message: message.map { filler.text($0) },
                retryAfter: retryAfter
            )
        case .steps(let steps, let finish, let usage):
            let identity = AnswerIdentity(model: "", seed: seed, created: 0, inputTokens: 0)
            var script = AnswerScript(steps: [], finish: finish, usage: usage)
            for (index, step) in steps.enumerated() {
                switch step {
                case .text(let template): script.steps.append(.text(filler.bytes(template)))
                case .reasoning(let template): script.steps.append(.reasoning(filler.bytes(template)))
                case .refusal(let template): script.steps.append(.refusal(filler.bytes(template)))
                case .toolCall(let name, let arguments, let id):
                    let id = id ?? identity.name("call_", salt: UInt64(index) + 1)
                    script.steps.append(.toolCall(ToolCall(id: id, name: name, arguments: filler.bytes(arguments))))
                case .pause(let time): script.steps.append(.pause(time))
                case .faults(let faults): script.steps += faults.map(AnswerScript.Step.fault)
                }
            }
            return .answer(script)
        }
    }
}
