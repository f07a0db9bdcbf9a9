// SPDX-License-Identifier: Apache-2.0

public import Typewriter
public import WireFormats

/// Lets the body of one answer go wrong.
///
/// A state machine: frames and times in, what to do with the connection out. Whoever owns the connection offers what
/// the renderer has written, and then asks ``next(now:)`` until it says to wait, or that there is nothing to do.
/// Each frame leaves in a write of its own, or in several. A body that is not streamed is one frame of kind `unit`.
///
/// All faults can be combined. In what order they are done to a frame:
/// 1. ends and terminators are left out or doubled;
/// 2. its bytes are altered (``FrameShaper`` says how);
/// 3. it is lost, doubled, or held back until the next one has left;
/// 4. it is cut into writes;
/// 5. which leave as slowly as is wanted, and stop at the very byte at which something acts.
///
/// In a body that is no event stream, frames are JSON: they have no comments, an unknown member but no unknown field,
/// and are cut in their middle where `data:` would be; padding is blanks; the rest is as in an event stream.
///
/// What acts on the connection is looked for between any two writes. Faults that are due at once act in their order;
/// a stall holds back the ones after it, but not those whose place is a time.
public struct FaultInjector {
    /// What the connection's owner does next.
    public enum Action: Equatable, Sendable {
        /// One write to the network; then it asks again.
        case write([UInt8])
        /// Nothing before that time, unless more is offered: then it asks again at once.
        case wait(until: Nanoseconds)
        /// Nothing before more is offered.
        case idle
        /// The renderer's failure frame is to be offered, and then the end. Comes once; what was not written is gone.
        case fail
        /// The connection is reset; the last action, as are the next two.
        case reset
        /// The connection is closed in the middle of the body.
        case close
        /// The body ends as its framing says it should.
        case end
        /// Nothing ever comes again, and the connection stays open; unless there is a hurry.
        case stalled
    }

    private enum Item {
        case frame([UInt8], FrameBuffer.Kind)
        case fault(Fault.Kind)
        case end
    }

    private let start: Nanoseconds
    private var shaper: FrameShaper
    private var schedule: FaultSchedule
    private var drip: DripClock?
    private var progress = FaultSchedule.Progress()

    /// What was offered, and how much of it has been taken.
    private var queue: [Item] = []
    private var taken = 0
    private var queuedBytes = 0
    /// Frames that leave before any of the queue, the next one last.
    private var ready: [OutgoingFrame] = []
    /// Change places with the next frame.
    private var held: [OutgoingFrame] = []
    private var stalledUntil: Nanoseconds?
    private var isComplete = false
    private var hasFailed = false
    private var isHurried = false
    private var last: Action?

    /// - Parameters:
    ///   - faults: Those that happen; their probabilities are not looked at.
    ///   - start: When the request came.
    ///   - isEventStream: Whether frames are Server-Sent Events; else each is one JSON text.
    public init(faults: [Fault], start: Nanoseconds, isEventStream: Bool) {
        self.start = start
        shaper = FrameShaper(isEventStream: isEventStream)
        schedule = FaultSchedule(faults)
        for fault in faults where fault.kind.role == .habit { adopt(fault.kind) }
    }

    /// Units that have been written to their ends.
    public var writtenUnits: Int { progress.units }

    /// A fault ended the body as if it were whole.
    public private(set) var isCutShort = false

    /// Bytes that wait to be written: where they grow many, it is time to offer no more.
    public var backlog: Int {
        queuedBytes + (ready + held).reduce(0) { $0 + $1.count }
    }

    // MARK: In

    /// Takes all frames of `buffer`; bytes after the last frame's end count as one of structure.
    public mutating func offer(_ buffer: FrameBuffer) {
        guard !isComplete, last == nil else { return }
        var frameStart = 0
        for frame in buffer.frames {
            offer(buffer.bytes[frameStart..<frame.end], frame.kind)
            frameStart = frame.end
        }
        offer(buffer.bytes[frameStart...], .structure)
    }

    /// The body is complete; nothing that is offered later is taken, but for what ``Action/fail`` asks for.
    public mutating func offerEnd() {
        guard !isComplete, last == nil else { return }
        isComplete = true
        queue.append(.end)
    }

    /// A fault that acts when all that was offered has been written, wherever its place is. One that alters a frame
    /// alters the next but for structure; one of the whole stream goes for the rest of it.
    public mutating func trigger(_ fault: Fault) {
        guard !isComplete, last == nil, fault.kind.role != .prelude else { return }
        queue.append(.fault(fault.kind))
    }

    /// There is no time left: what only takes time is over, and what was held back leaves as fast as it is taken.
    public mutating func hurry() {
        isHurried = true
        stalledUntil = nil
        drip = nil
    }

    private mutating func offer(_ bytes: ArraySlice<UInt8>, _ kind: FrameBuffer.Kind) {
        guard !bytes.isEmpty else { return }
        queuedBytes += bytes.count
        queue.append(.frame(Array(bytes), kind))
    }

    // MARK: Out

    /// What to do now.
    public mutating func next(now: Nanoseconds) -> Action {
        progress.elapsed = now.saturatingSubtract(start)
        while true {
            if let last { return last }
            let isAtBorder = ready.last?.isUntouched ?? true
            let isStalled = stalledUntil.map { now < $0 } ?? false
            if let act = schedule.takeAct(at: progress, isStalled: isStalled, isAtBorder: isAtBorder) {
                if let action = perform(act, now) { return action }
            } else if let until = stalledUntil, isStalled {
                return wait(until: until)
            } else if stalledUntil != nil {
                stalledUntil = nil
                drip?.rest()
            } else if !ready.isEmpty {
                return write(now)
            } else if let item = popItem() {
                if let action = take(item, now) { return action }
            } else {
                drip?.rest()
                return wait(until: .max)
            }
        }
    }

    /// Waits for `time`, or for a fault before it; `Nanoseconds.max` never comes.
    private mutating func wait(until time: Nanoseconds) -> Action {
        let stop = schedule.timeStop(after: progress.elapsed).map { start.saturatingAdd($0) } ?? .max
        if min(time, stop) < .max { return .wait(until: min(time, stop)) }
        return stalledUntil == nil ? .idle : .stalled
    }

    private mutating func finish(_ action: Action) -> Action {
        drop()
        last = action
        return action
    }

    private mutating func drop() {
        queue = []
        taken = 0
        ready = []
        held = []
        queuedBytes = 0
    }

    private mutating func adopt(_ habit: Fault.Kind) {
        if case .drip(let rate) = habit, !isHurried { drip = drip ?? DripClock(bytesPerSecond: rate) }
        shaper.adopt(habit)
    }

    /// Does what a fault does to the connection.
    private mutating func perform(_ act: Fault, _ now: Nanoseconds) -> Action? {
        switch act.kind {
        case .reset: return finish(.reset)
        case .close: return finish(.close)
        case .end:
            isCutShort = true
            return finish(.end)
        case .stall where isHurried: return nil
        case .stall(let length):
            var begin = now
            if case .time(let time) = act.place { begin = start.saturatingAdd(time) }
            let end = length.map { begin.saturatingAdd(max($0, 0)) } ?? .max
            stalledUntil = max(end, stalledUntil ?? end)
            return nil
        case .error where !hasFailed:
            drop()
            hasFailed = true
            isComplete = false
            stalledUntil = nil
            return .fail
        default: return nil
        }
    }

    private mutating func popItem() -> Item? {
        guard taken < queue.count else { return nil }
        defer {
            taken += 1
            if taken > queue.count / 2 {
                queue.removeFirst(taken)
                taken = 0
            }
        }
        return queue[taken]
    }

    private mutating func take(_ item: Item, _ now: Nanoseconds) -> Action? {
        switch item {
        case .frame(let bytes, let kind):
            queuedBytes -= bytes.count
            prepare(bytes, kind)
        case .fault(let kind):
            switch kind.role {
            case .act: return perform(Fault(kind: kind), now)
            case .alteration: schedule.add(kind)
            case .habit: adopt(kind)
            case .prelude: break
            }
        case .end where !held.isEmpty:
            queue.append(.end)
            release()
        case .end: return finish(schedule.isTruncating(at: progress) ? .close : .end)
        }
        return nil
    }

    private mutating func prepare(_ bytes: [UInt8], _ kind: FrameBuffer.Kind) {
        let copies = shaper.copies(of: kind)
        guard copies > 0 else { return }
        let shaper = shaper
        let alterations = schedule.takeAlterations(
            of: kind,
            hasJSON: shaper.hasJSON(bytes),
            isHolding: !held.isEmpty,
            at: progress
        )
        guard !alterations.contains(.lose) else { return }
        var frame = shaper.shape(bytes, alterations: alterations)
        frame.isUnit = kind == .unit
        frame.isLast = alterations.contains(.truncate)
        var frames = [frame]
        let others = copies - 1 + (alterations.contains(.duplicate) ? 1 : 0)
        if others > 0 {
            var copy = shaper.shape(bytes, alterations: alterations.filter { $0.isRepeated })
            copy.isUnit = frame.isUnit
            frames += Array(repeating: copy, count: others)
        }
        if alterations.contains(.reorder) {
            held = frames
        } else {
            release()
            ready += frames.reversed()
        }
    }

    /// Lets go what was held back; a frame that is made ready after it leaves before it.
    private mutating func release() {
        ready = held.reversed()
        held = []
    }

    /// Writes of the frame that is under way as much as can leave now.
    private mutating func write(_ now: Nanoseconds) -> Action {
        guard var frame = ready.popLast() else { return .idle }
        var count = frame.nextCount
        if let stop = schedule.byteStop(after: progress.bytes) { count = min(count, stop - progress.bytes) }
        if let allowed = drip?.allowance(of: count, now: now) {
            guard allowed > 0 else {
                ready.append(frame)
                return wait(until: drip?.nextTime(for: count) ?? now)
            }
            count = allowed
            drip?.spend(count)
        }
        let bytes = frame.take(atMost: count)
        progress.bytes += bytes.count
        if frame.isEmpty {
            if frame.isUnit { progress.units += 1 }
            if frame.isLast { _ = finish(.close) }
        } else {
            ready.append(frame)
        }
        return .write(bytes)
    }
}

extension Fault.Kind {
    /// Whether a second copy of the frame is altered like the first.
    fileprivate var isRepeated: Bool { self == .malformedJSON || self == .invalidUTF8 }
}
