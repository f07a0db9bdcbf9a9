// SPDX-License-Identifier: Apache-2.0

public import Conversation

extension AnswerScript {
    /// Bytes of all that the model writes.
    public var writtenBytes: Int { steps.reduce(0) { $0 + ($1.spokenText?.count ?? 0) } }

    /// The script's own counts, or an estimate: each step is cut into tokens by itself.
    /// - Parameters:
    ///   - input: The tokens asked with, for the estimate.
    ///   - typed: How many bytes of all that the model writes were typed; the estimate leaves out the rest.
    ///   - choices: Of how many scripts the counts are wanted: of many long ones less is counted.
    public func usage(input: Int, ofFirst typed: Int = .max, choices: Int = 1) -> Usage {
        if let usage { return usage }
        var counts = Usage(inputTokens: input, outputTokens: 0)
        var left = typed
        for step in steps {
            guard let text = step.spokenText else { continue }
            let tokens = TokenEstimate.output(text, ofFirst: left, choices: choices)
            left -= min(left, text.count)
            counts.outputTokens += tokens
            if case .reasoning = step { counts.reasoningTokens += tokens }
        }
        return counts
    }

    /// What a client gets that does not read a stream. Pauses and faults are not in it.
    /// - Parameter tellsTokens: Whether to tell where tokens end, which takes a while for long text.
    public func choice(tellsTokens: Bool = true) -> WholeAnswer.Choice {
        var choice = WholeAnswer.Choice()
        choice.finish = finish
        for step in steps {
            switch step {
            case .reasoning(let text): choice.reasoning += text
            case .text(let text):
                let start = choice.text.count
                choice.text += text
                if tellsTokens { choice.tokenEnds += TokenEstimate.tokenEnds(text).map { start + $0 } }
            case .refusal(let text): choice.refusal += text
            case .toolCall(let call): choice.toolCalls.append(call)
            case .pause, .fault: break
            }
        }
        return choice
    }
}

extension AnswerScript.Step {
    /// What the model writes in this step, tokens all of it; nil where it writes nothing.
    var spokenText: [UInt8]? {
        switch self {
        case .reasoning(let text), .text(let text), .refusal(let text): text
        case .toolCall(let call): call.arguments
        case .pause, .fault: nil
        }
    }
}
