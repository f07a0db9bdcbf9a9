// SPDX-License-Identifier: Apache-2.0

/// Says which unit of a text is due when.
///
/// A state machine over time-stamped inputs: the same text, arriving at the same times, gives the same schedule,
/// however often or late it is asked. So a copy on another event loop types the same as the original.
///
/// The text itself stays with the caller. Whoever adds to it asks for all units up to that moment first, adds, and
/// then calls ``textArrived(at:)`` or ``textEnded(at:)``.
public struct Typewriter: Equatable, Sendable {
    /// What there is to do now.
    public enum Step: Equatable, Sendable {
        /// The unit up to byte offset `end` is typed; it was due at `due`, which may be long ago.
        case type(end: Int, due: Nanoseconds)
        /// Nothing before that time, unless text arrives.
        case wait(until: Nanoseconds)
        /// Nothing until text arrives.
        case starved
        /// All is typed.
        case finished
    }

    /// The unit that comes next.
    private struct Pending: Equatable {
        var end: Int
        var due: Nanoseconds
        /// Only its age closed it: text that arrives before it is due may still join it.
        var closedByAge: Bool
    }

    public let pace: Pace
    /// Byte offset of the end of what is typed.
    public private(set) var position = 0
    /// Units typed so far.
    public private(set) var typedUnits = 0
    /// How long the last unit was kept: from the arrival of its last byte until it was due. 0 where nothing is smoothed.
    public private(set) var addedLag: Nanoseconds = 0

    private let segmenter: Segmenter
    private var cadence: Cadence
    /// Takes the place of the cadence where the pace has a target lag.
    private var smoother: Smoother?
    private var pending: Pending?
    /// The sum of gaps so far, as a time: where the schedule stands.
    private var clock: Nanoseconds
    private var lastDue: Nanoseconds
    private var lastByte: Nanoseconds
    private var lastInput: Nanoseconds
    /// The last unit's first byte, for the pause that it may ask for.
    private var lastUnitStart = 0
    /// All that had been said was typed: the clock stands until the next unit is whole.
    private var isStarved = true
    /// The gap before the pending unit is part of `clock` already.
    private var hasTakenGap = true

    /// - Parameter start: When the request came, on the monotonic clock.
    public init(pace: Pace, seed: UInt64, start: Nanoseconds) {
        self.pace = pace
        self.segmenter = Segmenter(unit: pace.unit)
        self.cadence = pace.cadence(seed: seed)
        self.smoother = pace.targetLag.map { Smoother(targetLag: $0) }
        self.clock = start + pace.firstDelay
        self.lastDue = start
        self.lastByte = start
        self.lastInput = start
    }

    /// Where the schedule stands: when the last unit was due, or when the first one is to be.
    public var schedule: Nanoseconds { clock }

    /// All that is not typed yet comes so much later.
    public mutating func delay(by time: Nanoseconds) {
        clock += time
        if smoother != nil { lastDue += time }
        smoother?.delay(by: time)
        if let due = pending?.due { pending?.due = due + time }
    }

    /// Text was added at that time.
    /// - Parameters:
    ///   - count: Bytes; read where text is smoothed. What is not counted passes at once.
    ///   - atOnce: It is not smoothed, nor is what waits before it.
    public mutating func textArrived(at now: Nanoseconds, count: Int = 0, atOnce: Bool = false) {
        lastByte = now
        lastInput = now
        if let open = pending, open.closedByAge { pending = nil }
        smoother?.textArrived(count: count, at: now, atOnce: atOnce)
        replan(now)
    }

    /// What waits is due now, where text is smoothed: something follows that has to pass at once.
    public mutating func hurry(at now: Nanoseconds) {
        smoother?.hurry(at: now)
        replan(now)
    }

    /// It is known from that time on that no more text comes.
    public mutating func textEnded(at now: Nanoseconds) {
        lastInput = now
        smoother?.textEnded(at: now)
        replan(now)
    }

    /// The text was cut at ``Typewriter/position`` at that time, and ends there.
    public mutating func textCut(at now: Nanoseconds) {
        pending = nil
        lastInput = now
        smoother?.textCut(to: position, at: now)
    }

    /// Types the next unit if it is due at `now`.
    ///
    /// - Parameters:
    ///   - text: What has been said, from byte offset `base` on: valid UTF-8.
    ///   - isComplete: ``textEnded(at:)`` was called.
    ///   - deltaEnds: Rising byte offsets at which deltas ended; read for ``TextUnit/delta`` only.
    public mutating func step(
        in text: Span<UInt8>,
        base: Int,
        isComplete: Bool,
        deltaEnds: [Int],
        now: Nanoseconds
    ) -> Step {
        if pending == nil {
            guard typedUnits < pace.maximumUnits ?? .max else { return .finished }
            guard position < base + text.count else {
                isStarved = true
                return isComplete ? .finished : .starved
            }
            guard prepare(text, base: base, isComplete: isComplete, deltaEnds: deltaEnds, now: now) else {
                isStarved = true
                return .wait(until: lastByte + pace.unit.hold)
            }
        }
        guard let unit = pending, unit.due <= now else { return .wait(until: pending?.due ?? now) }
        pending = nil
        lastUnitStart = position
        position = unit.end
        lastDue = unit.due
        typedUnits += 1
        addedLag = smoother?.lag(ofTyped: position, due: unit.due) ?? 0
        hasTakenGap = false
        isStarved = false
        return .type(end: unit.end, due: unit.due)
    }

    /// Finds the next unit and when it is due; false where text to come may still belong to it.
    private mutating func prepare(
        _ text: Span<UInt8>,
        base: Int,
        isComplete: Bool,
        deltaEnds: [Int],
        now: Nanoseconds
    ) -> Bool {
        let start = position - base
        let deltaEnd = pace.unit == .delta ? deltaEnds.firstEnd(after: position).map { $0 - base } : nil
        var closedByAge = false
        let isComplete = isComplete || smoother?.isHurried ?? false
        var end = segmenter.unitEnd(in: text, from: start, isComplete: isComplete, deltaEnd: deltaEnd)
        if end == nil, now >= lastByte + pace.unit.hold {
            closedByAge = true
            end = segmenter.unitEnd(in: text, from: start, isComplete: true, deltaEnd: deltaEnd)
        }
        guard let end else { return false }
        if let smoother {
            clock = framed(smoother.due(start: position))
        } else if !hasTakenGap {
            clock += nextGap(in: text, base: base)
            hasTakenGap = true
        }
        if closedByAge {
            clock = max(clock, lastByte + pace.unit.hold)
        } else if isStarved {
            clock = max(clock, lastInput)
        }
        pending = Pending(end: base + end, due: max(clock, lastDue), closedByAge: closedByAge)
        return true
    }

    /// An input moves the unit that waits, where text is smoothed.
    private mutating func replan(_ now: Nanoseconds) {
        guard let smoother, let due = pending?.due else { return }
        clock = min(max(now, framed(smoother.due(start: position))), max(now, due))
        pending?.due = clock
    }

    /// Units that are due within one frame after the last one share the next frame.
    private func framed(_ due: Nanoseconds) -> Nanoseconds {
        // Before the first unit the clock is the first delay.
        guard typedUnits > 0 else { return max(due, clock) }
        if smoother?.isHurried ?? false { return due }
        return due > lastDue ? min(max(due, lastDue + Smoother.frame), lastDue + Smoother.longestGap) : lastDue
    }

    private mutating func nextGap(in text: Span<UInt8>, base: Int) -> Nanoseconds {
        var gap: Nanoseconds = 0
        if typedUnits % pace.burst == 0 { gap = cadence.nextGap() * Nanoseconds(pace.burst) }
        if pace.pause > 0, lastUnitStart >= base {
            let halves = Punctuation.pauseHalves(in: text, lastUnitStart - base..<position - base)
            gap += pace.pause * Nanoseconds(halves) / 2
        }
        return gap
    }
}
