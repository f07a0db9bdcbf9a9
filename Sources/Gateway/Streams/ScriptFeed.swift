// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Journal
internal import MockModel
internal import Typewriter

/// Gives a stream of `/chat/stream` what a script says, when it is time: text goes ahead of the typewriter, all else
/// waits until the text before it is typed.
struct ScriptFeed {
    private var steps: ArraySlice<AnswerScript.Step>
    private let usage: Usage?
    private var isClosed = false
    private var calls = 0
    /// Nothing before that time.
    private(set) var wakeTime: Nanoseconds?

    /// - Parameter start: When the first step that is no text may be seen.
    init(_ script: AnswerScript, start: Nanoseconds) {
        steps = script.steps[...]
        usage = script.usage
        if let first = script.steps.first, Self.text(of: first) == nil { wakeTime = start }
    }

    var hasMore: Bool { !isClosed }

    /// What the stream is told now.
    /// - Parameter hasCaughtUp: All text so far is typed.
    mutating func next(hasCaughtUp: Bool, now: Nanoseconds) -> [StreamInput] {
        guard !isClosed else { return [] }
        if let time = wakeTime {
            guard time <= now else { return [] }
            wakeTime = nil
        }
        var inputs: [StreamInput] = []
        var isTyped = hasCaughtUp
        while let step = steps.first {
            if let text = Self.text(of: step) {
                inputs.append(.text(text))
                isTyped = text.isEmpty && isTyped
            } else {
                // The stream asks again when it has typed what it has.
                guard isTyped else { return inputs }
                inputs += shown(step, now: now)
            }
            steps.removeFirst()
            if wakeTime != nil { return inputs }
        }
        isClosed = true
        if let usage { inputs.append(.named(.usage(usage))) }
        return inputs + [.closed(.whole)]
    }

    private mutating func shown(_ step: AnswerScript.Step, now: Nanoseconds) -> [StreamInput] {
        switch step {
        case .reasoning(let text): return [.named(.reasoning(text))]
        case .toolCall(let call):
            defer { calls += 1 }
            let delta = ToolCallDelta(index: calls, id: call.id, name: call.name, arguments: call.arguments)
            return [.named(.toolCall(delta))]
        case .pause(let time):
            wakeTime = now + time
            return []
        case .fault(let fault): return [.fault(fault)]
        case .text, .refusal: return []
        }
    }

    private static func text(of step: AnswerScript.Step) -> [UInt8]? {
        switch step {
        case .text(let text), .refusal(let text): text
        default: nil
        }
    }
}

extension AnswerScript {
    /// Bytes of the text that a reader of `/chat/stream` is shown.
    var textBytes: Int {
        steps.reduce(0) { sum, step in
            switch step {
            case .text(let text), .refusal(let text): sum + text.count
            default: sum
            }
        }
    }
}
