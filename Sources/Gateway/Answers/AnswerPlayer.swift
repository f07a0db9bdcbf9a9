// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import MockModel
internal import Typewriter

/// Types one answer: says which piece of it is due when.
///
/// A state machine over time-stamped inputs, as the typewriter is: a script is there at once, an upstream's events
/// come one by one. Each piece is typed to its end before the next begins, so a unit never spans two.
struct AnswerPlayer {
    /// What there is to do now.
    enum Step: Equatable {
        /// A unit, as byte offsets in the answer; it was due at `due`.
        case unit(AnswerPiece, Range<Int>, due: Nanoseconds)
        case toolCall(ToolCall)
        case fault(Fault)
        /// The last step of a whole answer.
        case ended(FinishReason)
        /// The last step of one that is not.
        case failed(ChatFault)
        /// Nothing before that time, unless more is said.
        case wait(until: Nanoseconds)
        /// Nothing until more is said.
        case starved
    }

    /// A stretch of the answer that is typed in one go.
    private struct Segment {
        enum Kind {
            case piece(AnswerPiece)
            case toolCall(ToolCall)
            case pause(Nanoseconds)
            case fault(Fault)
        }

        var kind: Kind
        var range: Range<Int>
        /// Nothing is added any more.
        var isClosed = true
    }

    private enum Ending {
        case whole(FinishReason)
        case failed(ChatFault)
    }

    /// What has been typed and is no longer needed goes when it is more than this.
    private static let keptBytes = 64 << 10

    /// What has been said, from offset `base` on: valid UTF-8.
    private(set) var text: [UInt8] = []
    private(set) var base = 0
    private(set) var typewriter: Typewriter
    private var segments: [Segment] = []
    private var current = 0
    private var deltaEnds: [Int] = []
    private var ending: Ending?

    /// - Parameter start: When the request came.
    init(pace: Pace, seed: UInt64, start: Nanoseconds) {
        self.typewriter = Typewriter(pace: pace, seed: seed, start: start)
    }

    /// How many bytes wait to be typed.
    var backlog: Int { base + text.count - typewriter.position }

    private var end: Int { base + text.count }

    /// A unit will be typed in a moment: tells `touch` of the memory that this needs, as address and bytes.
    func warm(_ touch: (UnsafeRawPointer?, Int) -> Void) {
        segments.withUnsafeBytes { touch($0.baseAddress, min($0.count, 128)) }
        text.withUnsafeBytes { bytes in
            touch(bytes.baseAddress.map { $0 - 32 }, 32)
            let offset = typewriter.position - base
            if offset < bytes.count { touch(bytes.baseAddress.map { $0 + offset }, 64) }
        }
    }

    // MARK: What is said

    /// Takes all of `script`; there is nothing more to come.
    mutating func play(_ script: AnswerScript, now: Nanoseconds) {
        for step in script.steps {
            switch step {
            case .text(let bytes): add(bytes, as: .text, now: now)
            case .reasoning(let bytes): add(bytes, as: .reasoning, now: now)
            case .refusal(let bytes): add(bytes, as: .refusal, now: now)
            case .toolCall(let call):
                begin(call, now: now)
                add(call.arguments, as: .toolArguments, now: now)
            case .pause(let time): addMark(.pause(time), now: now)
            case .fault(let fault): addMark(.fault(fault), now: now)
            }
            // Tokens are counted step by step, so no unit joins two.
            closeLast(now: now)
        }
        end(.whole(script.finish), now: now)
    }

    /// Takes what an upstream said at `now`; token counts are not for the player.
    mutating func take(_ event: ChatEvent, now: Nanoseconds) {
        switch event {
        case .text(let bytes): add(bytes, as: .text, now: now)
        case .reasoning(let bytes): add(bytes, as: .reasoning, now: now)
        case .refusal(let bytes): add(bytes, as: .refusal, now: now)
        case .toolCall(let delta):
            if delta.name != nil {
                begin(ToolCall(id: delta.id ?? "", name: delta.name ?? "", arguments: []), now: now)
                typewriter.hurry(at: now)
            }
            add(delta.arguments, as: .toolArguments, now: now)
        case .usage: break
        case .end(let reason): end(.whole(reason), now: now)
        case .fault(let fault): end(.failed(fault), now: now)
        }
    }

    private mutating func add(_ bytes: [UInt8], as piece: AnswerPiece, now: Nanoseconds) {
        guard !bytes.isEmpty, ending == nil else { return }
        var isOpen = false
        if let last = segments.last, !last.isClosed, case .piece(piece) = last.kind { isOpen = true }
        if !isOpen {
            closeLast(now: now)
            segments.append(Segment(kind: .piece(piece), range: end..<end, isClosed: false))
        }
        if text.isEmpty { text = bytes } else { text.append(contentsOf: bytes) }
        segments[segments.count - 1].range = segments[segments.count - 1].range.lowerBound..<end
        if typewriter.pace.unit == .delta { deltaEnds.append(end) }
        typewriter.textArrived(at: now, count: bytes.count, atOnce: piece == .toolArguments)
    }

    private mutating func begin(_ call: ToolCall, now: Nanoseconds) {
        var call = call
        call.arguments = []
        addMark(.toolCall(call), now: now)
    }

    private mutating func addMark(_ kind: Segment.Kind, now: Nanoseconds) {
        guard ending == nil else { return }
        closeLast(now: now)
        segments.append(Segment(kind: kind, range: end..<end))
    }

    private mutating func end(_ ending: Ending, now: Nanoseconds) {
        closeLast(now: now)
        if self.ending == nil { self.ending = ending }
    }

    private mutating func closeLast(now: Nanoseconds) {
        guard let last = segments.indices.last, !segments[last].isClosed else { return }
        segments[last].isClosed = true
        typewriter.textEnded(at: now)
    }

    // MARK: What is due

    /// The next step, if one is due at `now`.
    mutating func next(now: Nanoseconds) -> Step {
        while current < segments.count {
            switch segments[current].kind {
            case .pause(let time):
                typewriter.delay(by: time)
            case .toolCall(let call):
                guard typewriter.schedule <= now else { return .wait(until: typewriter.schedule) }
                current += 1
                return .toolCall(call)
            case .fault(let fault):
                guard typewriter.schedule <= now else { return .wait(until: typewriter.schedule) }
                current += 1
                return .fault(fault)
            case .piece(let piece):
                if let step = type(piece, now: now) { return step }
            }
            current += 1
        }
        guard let ending else { return .starved }
        guard typewriter.schedule <= now else { return .wait(until: typewriter.schedule) }
        switch ending {
        case .whole(let reason): return .ended(reason)
        case .failed(let fault): return .failed(fault)
        }
    }

    /// The next unit of the current segment; nil where that has been typed to its end.
    private mutating func type(_ piece: AnswerPiece, now: Nanoseconds) -> Step? {
        let (range, isClosed) = (segments[current].range, segments[current].isClosed)
        let start = typewriter.position
        // A copy of the reference, so that the typewriter may change while its text is looked at.
        let text = text
        let step = typewriter.step(
            in: text.span.extracting(range.lowerBound - base..<range.upperBound - base),
            base: range.lowerBound,
            isComplete: isClosed,
            deltaEnds: deltaEnds,
            now: now
        )
        switch step {
        case .type(let end, let due): return .unit(piece, start..<end, due: due)
        case .wait(let time): return .wait(until: time)
        case .starved: return .starved
        case .finished:
            guard typewriter.typedUnits >= typewriter.pace.maximumUnits ?? .max else { return nil }
            ending = .whole(.length)
            segments.removeSubrange((current + 1)...)
            return nil
        }
    }

    /// Forgets what has been written, where that is much. Offsets stay as they are.
    /// - Parameter written: Where that ends: units may have been typed that wait to be joined.
    mutating func trim(before written: Int) {
        guard written - base > Self.keptBytes, current < segments.count else { return }
        let start = max(base, segments[current].range.lowerBound)
        // The segment that is being typed goes too, up to the unit that is written next.
        let cut = max(start, written)
        text.removeFirst(cut - base)
        base = cut
        segments[current].range = max(cut, segments[current].range.lowerBound)..<segments[current].range.upperBound
        segments.removeFirst(current)
        current = 0
        deltaEnds.removeAll { $0 <= cut }
    }
}
