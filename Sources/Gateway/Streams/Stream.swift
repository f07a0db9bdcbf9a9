// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Conversation
internal import Journal
internal import Metrics
internal import Typewriter
internal import WireFormats

/// One answer on its way to its readers: what was said, the typewriter that says what is due, and who reads.
///
/// Lives on one event loop. A reader whose connection lives on another loop reads a copy of the stream there: the
/// typewriter is a function of time-stamped inputs, so a copy that gets the same inputs types the same.
final class Stream: Pulsing {
    /// Bounds the work of one wake: a stream without a pace would type all of a long answer at once.
    private static let unitsPerWake = 1024
    /// A stream further behind its schedule than this joins units into frames.
    static let joinLag: Nanoseconds = 250 * .millisecond
    /// A stream that nobody reads need not be on time.
    private static let unreadNap: Nanoseconds = 250 * .millisecond
    /// How long the loop may wait for one stream that catches up.
    private static let catchUpTime: Nanoseconds = 4 * .millisecond
    /// The same where one wake's work did not do: megabytes that nobody reads are not typed for half an hour.
    private static let catchUpNap: Nanoseconds = 5 * .millisecond

    // What each wake needs stands first, together: on the way of a frame most time is lost waiting for memory.
    let pacer: Pacer
    private var handle: PacingWheel.Handle = -1
    private let isUnpaced: Bool
    /// All is typed.
    private(set) var hasEnded = false
    private(set) var readers: [Reader] = []
    private(set) var typewriter: Typewriter
    private(set) var log: AnswerLog
    let spec: StreamSpec
    private(set) var usage: Usage?
    /// Who looks after this stream's life, until it retires.
    var keeper: (any StreamKeeper)?
    /// When the next unit may be due.
    private var nextTime: Nanoseconds = 0
    private var lastFrame: Nanoseconds = 0
    /// When the first unit left that somebody read.
    private(set) var firstFrame: Nanoseconds?
    /// When the keeper wants to be asked again.
    private var keeperTime = Nanoseconds.max

    init(spec: StreamSpec, log: AnswerLog, typewriter: Typewriter, usage: Usage?, pacer: Pacer) {
        self.spec = spec
        self.isUnpaced = typewriter.pace.isUnpaced
        self.log = log
        self.typewriter = typewriter
        self.usage = usage
        self.pacer = pacer
        self.handle = pacer.add(self)
    }

    /// The position up to which the model has said something that a reader may ask for.
    var saidEnd: Int { spec.isMock ? typewriter.position : log.end }

    /// How much text waits to be typed.
    var backlog: Int { log.end - typewriter.position }

    /// What the upstream says that the answer took; of a mock, an estimate.
    var toldUsage: Usage? {
        guard usage == nil, spec.isMock else { return usage }
        let output = StreamSpec.estimatedTokens(bytes: typewriter.position)
        return Usage(inputTokens: spec.inputTokens, outputTokens: output)
    }

    // MARK: Inputs

    /// Takes an input that happened at `time`; all that was due until then is typed first.
    func take(_ input: StreamInput, at time: Nanoseconds) {
        type(now: time)
        if case .dismissed = input { return dismissReaders() }
        guard !hasEnded else { return }
        switch input {
        case .text(let text):
            let start = Pacer.now()
            log.append(text, typedUpTo: typewriter.position, recordsDelta: typewriter.pace.unit == .delta)
            pacer.metrics.appended(in: Pacer.now() - start)
            typewriter.textArrived(at: time, count: text.count)
        case .closed(let outcome):
            log.close(outcome)
            typewriter.textEnded(at: time)
        case .cut(let outcome):
            log.cut(at: typewriter.position, outcome)
            typewriter.textCut(at: time)
        case .named(let event):
            if case .usage(let counts) = event { usage = counts } else { show(event, now: time) }
        case .fault(let fault):
            for reader in readers { reader.trigger(fault, now: time) }
        case .resumed: for reader in readers { reader.markContinued(now: time) }
        case .dismissed: break
        }
        type(now: time)
        rest(now: time)
    }

    private func dismissReaders() {
        for reader in readers { reader.dismiss() }
    }

    private func show(_ event: ChatEvent, now: Nanoseconds) {
        switch event {
        case .reasoning where !spec.events.contains(.reasoning): break
        case .toolCall where !spec.events.contains(.tool): break
        default: for reader in readers { reader.show(event, now: now) }
        }
    }

    // MARK: Readers

    /// Adds a reader, and gives it what is due.
    func add(_ reader: Reader, now: Nanoseconds) {
        // A copy of a stream that has ended has to find that out before its reader asks.
        type(now: now)
        readers.append(reader)
        reader.begin(now: now)
        rest(now: now)
    }

    func remove(_ reader: Reader, now: Nanoseconds) {
        readers.removeAll { $0 === reader }
        keeper?.readersChanged(of: self, now: now)
        rest(now: now)
    }

    // MARK: Time

    func warm(_ step: Int) {
        if step == 0 {
            clinux_prefetch(Unmanaged.passUnretained(self).toOpaque(), 512)
        } else {
            readers.first?.warm(step - 1)
        }
    }

    func pulse(now: Nanoseconds) {
        type(now: now)
        if now >= keeperTime {
            keeperTime = .max
            keeper?.timeCame(for: self, now: now)
        }
        rest(now: now)
    }

    /// What a copy on another loop is made of.
    func snapshot() -> Replica.Snapshot {
        Replica.Snapshot(spec: spec, log: log, typewriter: typewriter, usage: usage)
    }

    /// Brings the stream up to `now` or to `position`, however long nobody has looked at it; false where that takes
    /// longer than the loop may wait.
    func catchUp(to position: Int, now: Nanoseconds) -> Bool {
        while type(now: now), typewriter.position < position {
            guard Pacer.now() - now < Self.catchUpTime else { return false }
        }
        return true
    }

    /// Asks the keeper again at `time`; earlier where it asked for that before.
    func wakeKeeper(at time: Nanoseconds, now: Nanoseconds) {
        keeperTime = min(keeperTime, time)
        rest(now: now)
    }

    /// Gives up the wheel; the stream is not used any more.
    func retire() {
        guard handle >= 0 else { return }
        pacer.remove(handle)
        handle = -1
        keeper = nil
    }

    /// Types what is due; true where there is more than one wake's work.
    @discardableResult
    private func type(now: Nanoseconds) -> Bool {
        guard !hasEnded else { return false }
        pacer.typedEnds.removeAll(keepingCapacity: true)
        let from = typewriter.position
        var lag: Nanoseconds = 0
        var units = 0
        var isStarved = false
        nextTime = now
        typing: while units < Self.unitsPerWake {
            switch step(now: now) {
            case .type(let end, let due):
                if units == 0 { lag = now - due }
                units += 1
                if !readers.isEmpty { count(due: due, now: now) }
                pacer.typedEnds.append(end)
            case .wait(let time):
                nextTime = time
                break typing
            case .starved:
                nextTime = .max
                isStarved = true
                break typing
            case .finished:
                nextTime = .max
                hasEnded = true
                break typing
            }
        }
        if units > 0 || hasEnded {
            let ends = pacer.typedEnds
            let isLate = lag > Self.joinLag && !isUnpaced
            for reader in readers { reader.typed(from: from, ends: ends, isLate: isLate, now: now) }
        }
        if hasEnded { keeper?.streamEnded(self, now: now) } else if isStarved { keeper?.streamStarved(self, now: now) }
        return units == Self.unitsPerWake
    }

    /// Notes how late a frame leaves, and how long after the one before it.
    @inline(__always)
    private func count(due: Nanoseconds, now: Nanoseconds) {
        if lastFrame == 0 {
            pacer.metrics.firstTokenSent(after: now - spec.requestTime)
            firstFrame = now
        }
        pacer.metrics.frameSent(lag: now - due, gap: lastFrame == 0 ? nil : now - lastFrame)
        lastFrame = now
    }

    private func step(now: Nanoseconds) -> Typewriter.Step {
        let text = log.text
        return typewriter.step(
            in: text.span,
            base: log.base,
            isComplete: log.outcome != nil,
            deltaEnds: log.deltaEnds,
            now: now
        )
    }

    /// Sleeps until something is due.
    private func rest(now: Nanoseconds) {
        guard handle >= 0 else { return }
        let nap = nextTime > now ? Self.unreadNap : Self.catchUpNap
        let next = min(keeperTime, readers.isEmpty && nextTime < .max ? max(nextTime, now + nap) : nextTime)
        if next == .max { pacer.sleep(handle) } else { pacer.wake(handle, at: next) }
    }
}

@available(*, unavailable)
extension Stream: Sendable {}
