// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension AnswerScript {
    /// The script as far as a request lets it go: up to the first stop sequence in its text, and of that no more
    /// than `maximumTokens` of reasoning, text, refusal and tool arguments together.
    ///
    /// A stop sequence is found over the borders of text steps too, and is not part of the answer. The limit cuts
    /// where tokens end (``TokenEstimate``). Pauses and faults before the cut stay.
    public func limited(maximumTokens: Int?, stopSequences: [String]) -> AnswerScript {
        let stopped = stopped(before: stopSequences)
        return maximumTokens.map { stopped.cut(afterTokens: $0) } ?? stopped
    }

    private func stopped(before sequences: [String]) -> AnswerScript {
        let texts = steps.map { step in
            if case .text(let text) = step { text } else { [UInt8]() }
        }
        guard let stop = StopSequence.first(of: sequences, in: Array(texts.joined())) else { return self }
        var script = self
        script.steps = []
        script.finish = .stopSequence(stop.sequence)
        var position = 0
        for (step, text) in zip(steps, texts) {
            guard position + text.count > stop.start else {
                script.steps.append(step)
                position += text.count
                continue
            }
            let rest = text.prefix(stop.start - position)
            if !rest.isEmpty { script.steps.append(.text(Array(rest))) }
            break
        }
        return script
    }

    private func cut(afterTokens maximum: Int) -> AnswerScript {
        var script = self
        script.steps = []
        script.finish = .length
        var left = max(0, maximum)
        for (index, step) in steps.enumerated() {
            let text = step.spokenText ?? []
            let count = TokenEstimate.output(text)
            if count >= left, count > 0 {
                let isWhole = count == left && !steps[(index + 1)...].contains { !($0.spokenText ?? []).isEmpty }
                if isWhole { return self }
                if left > 0 { script.steps.append(step.prefix(TokenEstimate.end(ofToken: left, in: text))) }
                return script
            }
            script.steps.append(step)
            left -= count
        }
        return self
    }
}

extension AnswerScript.Step {
    /// The step with the first `count` bytes of what the model writes in it.
    fileprivate func prefix(_ count: Int) -> AnswerScript.Step {
        switch self {
        case .reasoning(let text): .reasoning(Array(text.prefix(count)))
        case .text(let text): .text(Array(text.prefix(count)))
        case .refusal(let text): .refusal(Array(text.prefix(count)))
        case .toolCall(let call):
            .toolCall(ToolCall(id: call.id, name: call.name, arguments: Array(call.arguments.prefix(count))))
        case .pause, .fault: self
        }
    }
}
