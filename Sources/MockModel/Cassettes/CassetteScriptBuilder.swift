// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Typewriter

/// Makes a script of what a model said, event by event.
///
/// Text that was cut inside a character is mended; the pieces of a tool call become one step, in the place of the
/// first piece and at the time of the last.
struct CassetteScriptBuilder {
    private enum Kind {
        case text
        case reasoning
        case refusal

        func step(_ bytes: [UInt8]) -> AnswerScript.Step {
            switch self {
            case .text: .text(bytes)
            case .reasoning: .reasoning(bytes)
            case .refusal: .refusal(bytes)
            }
        }
    }

    /// A tool call under way.
    private struct Call {
        var index: Int
        var call: ToolCall
        /// Of the arguments.
        var assembler = TextAssembler()
        var lastTime: Nanoseconds
    }

    private let keepsTiming: Bool
    private let staysSilent: Bool
    private var script = AnswerScript(steps: [])
    /// The time up to which the script's pauses reach.
    private var clock: Nanoseconds = 0
    private var open: (kind: Kind, assembler: TextAssembler, bytes: [UInt8])?
    private var calls: [Call] = []

    init(keepsTiming: Bool, staysSilent: Bool) {
        self.keepsTiming = keepsTiming
        self.staysSilent = staysSilent
    }

    mutating func add(_ event: ChatEvent, at time: Nanoseconds) {
        switch event {
        case .text(let bytes): say(bytes, .text, time)
        case .reasoning(let bytes): say(bytes, .reasoning, time)
        case .refusal(let bytes): say(bytes, .refusal, time)
        case .toolCall(let delta):
            endText()
            add(delta, time)
        case .usage(let usage): script.usage = usage
        case .end(let reason):
            endAll()
            script.finish = reason
        case .fault(let fault):
            endAll()
            pause(until: time)
            script.steps.append(.fault(Fault(kind: kind(of: fault))))
        }
    }

    consuming func finish() -> AnswerScript {
        endAll()
        return script
    }

    private mutating func say(_ bytes: [UInt8], _ kind: Kind, _ time: Nanoseconds) {
        endCalls()
        if open?.kind != kind { endText() }
        var (_, assembler, said) = open ?? (kind, TextAssembler(), [])
        said += assembler.append(bytes)
        open = (kind, assembler, said)
        guard keepsTiming, !said.isEmpty else { return }
        pause(until: time)
        script.steps.append(kind.step(said))
        open = (kind, assembler, [])
    }

    private mutating func endText() {
        guard var ended = open else { return }
        open = nil
        ended.bytes += ended.assembler.finish()
        if !ended.bytes.isEmpty { script.steps.append(ended.kind.step(ended.bytes)) }
    }

    private mutating func add(_ delta: ToolCallDelta, _ time: Nanoseconds) {
        let position = calls.firstIndex { $0.index == delta.index } ?? calls.count
        if position == calls.count {
            calls.append(Call(index: delta.index, call: ToolCall(id: "", name: "", arguments: []), lastTime: time))
        }
        if let id = delta.id { calls[position].call.id = id }
        if let name = delta.name { calls[position].call.name = name }
        calls[position].call.arguments += calls[position].assembler.append(delta.arguments)
        calls[position].lastTime = time
    }

    private mutating func endCalls() {
        for var call in calls {
            call.call.arguments += call.assembler.finish()
            pause(until: call.lastTime)
            script.steps.append(.toolCall(call.call))
        }
        calls = []
    }

    private mutating func endAll() {
        endText()
        endCalls()
    }

    private mutating func pause(until time: Nanoseconds) {
        guard keepsTiming, time > clock else { return }
        script.steps.append(.pause(time - clock))
        clock = time
    }

    private func kind(of fault: ChatFault) -> Fault.Kind {
        switch fault.kind {
        case .upstreamStatus: .status(Self.errorStatus(fault.status), retryAfterSeconds: nil)
        case .upstreamTimeout where staysSilent: .stall(nil)
        case .upstreamReset, .upstreamRefused, .upstreamTimeout: .reset
        case .truncated: .end
        default: .error
        }
    }

    /// What is no status of an error, as that of a redirection, is told as a gateway tells it.
    private static func errorStatus(_ status: Int?) -> Int {
        if let status, (400...599).contains(status) { status } else { 502 }
    }
}
