// SPDX-License-Identifier: Apache-2.0

internal import Typewriter
internal import WireFormats

/// The faults that wait for their place, in the order in which they were given.
struct FaultSchedule {
    /// How far the body has come.
    struct Progress {
        var units = 0
        var bytes = 0
        /// Since the request.
        var elapsed: Nanoseconds = 0
    }

    private var waiting: [Fault]

    init(_ faults: [Fault]) {
        waiting = faults.filter(\.kind.isPlaced)
    }

    /// Adds an alteration of the next frame.
    mutating func add(_ alteration: Fault.Kind) {
        waiting.append(Fault(kind: alteration))
    }

    /// Takes the first fault that acts now.
    /// - Parameters:
    ///   - isStalled: Only time passes.
    ///   - isAtBorder: No frame is under way: an error event does not begin in the middle of one.
    mutating func takeAct(at progress: Progress, isStalled: Bool, isAtBorder: Bool) -> Fault? {
        let index = waiting.firstIndex { fault in
            guard fault.kind.role == .act, fault.isDue(at: progress) else { return false }
            if isStalled, !fault.isTimed { return false }
            return isAtBorder || fault.kind != .error
        }
        return index.map { waiting.remove(at: $0) }
    }

    /// Takes what alters the frame that is about to leave, at most one of each kind.
    mutating func takeAlterations(
        of frame: FrameBuffer.Kind,
        hasJSON: @autoclosure () -> Bool,
        isHolding: Bool,
        at progress: Progress
    ) -> [Fault.Kind] {
        var taken: [Fault.Kind] = []
        waiting.removeAll { fault in
            guard fault.kind.role == .alteration, fault.isDue(at: progress) else { return false }
            if case .unit = fault.place, frame == .structure { return false }
            if fault.kind == .malformedJSON, !hasJSON() { return false }
            if fault.kind == .reorder, isHolding { return false }
            guard !taken.contains(where: { $0.isSameSort(as: fault.kind) }) else { return false }
            taken.append(fault.kind)
            return true
        }
        return taken
    }

    /// Whether half of a frame is wanted that will not come.
    func isTruncating(at progress: Progress) -> Bool {
        waiting.contains { $0.kind == .truncate && $0.isDue(at: progress) }
    }

    /// The next number of bytes at which something acts.
    func byteStop(after bytes: Int) -> Int? {
        var stop: Int?
        for fault in waiting where fault.kind.role == .act && fault.kind != .error {
            guard case .byte(let count) = fault.place, count > bytes else { continue }
            stop = min(stop ?? count, count)
        }
        return stop
    }

    /// The next time since the request at which something acts.
    func timeStop(after elapsed: Nanoseconds) -> Nanoseconds? {
        var stop: Nanoseconds?
        for fault in waiting where fault.kind.role == .act {
            guard case .time(let time) = fault.place, time > elapsed else { continue }
            stop = min(stop ?? time, time)
        }
        return stop
    }
}

extension Fault {
    fileprivate var isTimed: Bool {
        if case .time = place { true } else { false }
    }

    fileprivate func isDue(at progress: FaultSchedule.Progress) -> Bool {
        switch place {
        case .unit(let count): progress.units >= count
        case .byte(let count): progress.bytes >= count
        case .time(let time): progress.elapsed >= time
        }
    }
}

extension Fault.Kind {
    fileprivate func isSameSort(as other: Fault.Kind) -> Bool {
        if case .giant = self, case .giant = other { return true }
        return self == other
    }
}
