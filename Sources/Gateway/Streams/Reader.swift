// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Conversation
internal import EventStream
internal import HTTPServer
internal import Journal
internal import Metrics
internal import MockModel
internal import Typewriter
internal import WireFormats

/// One connection that reads a stream: how far it has got, and what it is sent next.
///
/// Holds no text and no queue. A reader that falls behind is sent the rest from the stream's text when it has room.
final class Reader: Pulsing {
    /// The most text of a frame that joins units.
    private static let joinedBytes = 4096
    /// Bounds one write, and one turn's writes, of a reader that catches up.
    private static let bytesPerWrite = 16 << 10
    private static let bytesPerTurn = 64 << 10
    /// What a unit costs beside its bytes, in bytes: of short ones fewer are sent in a turn.
    private static let bytesPerUnit = 16
    /// How often a reader is looked at whether it takes anything: more often where bytes wait for it.
    private static let checkTime: Nanoseconds = 5 * .second
    private static let waitingCheckTime: Nanoseconds = 500 * .millisecond

    private let outlet: any Outlet
    let stream: Stream
    private let frames: PlainStreamFrames
    private let undeliveredLimit: Int
    private let stallLimit: Nanoseconds
    private let isResumed: Bool
    private let heartbeat: Nanoseconds
    /// The position up to which this reader has been sent the text.
    private var offset: Int
    /// What this reader is behind is the backlog of a resume, not its own slowness.
    private var isReplaying = true
    private var slowSince: Nanoseconds?
    /// A turn's share is sent, there is room for more, and the next turn sends it.
    private var hasMore = false
    private var lastWrite: Nanoseconds = 0
    private var lastProgress: Nanoseconds = 0
    private var delivered = 0
    /// At the last look there were bytes that the reader had not taken.
    private var isWaiting = false
    private(set) var handle: PacingWheel.Handle = -1
    private var hasLeft = false
    /// Nil where nothing goes wrong on purpose.
    private(set) var line: FaultyLine?
    private var hasOfferedEnd = false
    private let report: RequestReport
    /// When a client that has finished sending is looked for next, while a fault may keep all back.
    private var probeTime: Nanoseconds = 0
    /// Faults that act when the text up to a position has been sent.
    private var laterFaults: [(position: Int, fault: Fault)] = []

    /// - Parameter offset: Where to begin, in bytes of the text.
    init(
        outlet: any Outlet,
        stream: Stream,
        offset: Int,
        isResumed: Bool,
        limits: StreamLimits,
        report: RequestReport
    ) {
        self.report = report
        self.outlet = outlet
        self.stream = stream
        self.offset = offset
        self.frames = stream.spec.frames
        self.undeliveredLimit = limits.undelivered
        self.stallLimit = limits.stall
        self.isResumed = isResumed
        if !isResumed, stream.spec.plan.altersBody {
            self.line = FaultyLine(stream.spec.plan.faults, start: stream.spec.requestTime)
        }
        self.heartbeat = Nanoseconds(Double(limits.heartbeat) * Double.random(in: 0.92...1.08))
    }

    /// Sends the first frame, and what is due.
    func begin(now: Nanoseconds) {
        guard outlet.isOpen else { return leave() }
        handle = stream.pacer.add(self)
        outlet.delegate = self
        lastProgress = now
        stream.pacer.metrics.otherFrameSent()
        write(now: now) { [stream, frames, offset, isResumed] out in
            FrameEncoder.appendRetry(milliseconds: Int.random(in: 1500...2500), to: &out)
            frames.appendStart(stream.spec.start, offset: offset, resumed: isResumed, to: &out)
        }
        pump(now: now)
        rest(now: now)
    }

    /// Units have been typed, from position `from` on; the stream may have ended with them.
    func typed(from: Int, ends: [Int], isLate: Bool, now: Nanoseconds) {
        guard offset >= from, outlet.pendingBytes < undeliveredLimit else { return pump(now: now) }
        isReplaying = false
        // A reader that was told of text before it was typed is ahead until the typewriter has passed it.
        let news = offset == from ? ends[...] : ends.drop { $0 <= offset }
        send(news, joined: isLate, now: now)
    }

    func markContinued(now: Nanoseconds) {
        write(now: now) { FrameEncoder.appendComment("continued by another model", to: &$0) }
    }

    /// Shows an event that is no text, unless the reader is behind: then it would come too early.
    func show(_ event: ChatEvent, now: Nanoseconds) {
        guard hasRoom, line == nil || offset >= stream.typewriter.position else { return }
        write(now: now) { out in
            switch event {
            case .reasoning(let piece): PlainStreamFrames.appendReasoning(piece, to: &out)
            case .toolCall(let delta): PlainStreamFrames.appendToolCall(delta, to: &out)
            default: break
            }
        }
    }

    /// From here on something goes wrong on purpose.
    func trigger(_ fault: Fault, now: Nanoseconds) {
        if line == nil { line = FaultyLine([], start: stream.spec.requestTime) }
        laterFaults.append((stream.typewriter.position, fault))
        releaseFaults()
        runLine(now: now)
    }

    /// Ends the connection cleanly, before the stream's end: the client comes back and resumes.
    func dismiss() {
        tell(.dismissed)
        outlet.finish { out in
            // A fault may have cut a frame in its middle.
            if line == nil { FrameEncoder.appendRetry(milliseconds: Int.random(in: 1000...10_000), to: &out) }
        }
        leave()
    }

    // MARK: What the pacer tells

    func warm(_ step: Int) {
        if step == 0 {
            clinux_prefetch(Unmanaged.passUnretained(self).toOpaque(), 192)
        } else if step == 1 {
            outlet.warm()
        }
    }

    func pulse(now: Nanoseconds) {
        guard !hasLeft else { return }
        let progress = outlet.progress()
        isWaiting = progress.undelivered > 0
        if progress.delivered != delivered || progress.undelivered == 0 {
            delivered = progress.delivered
            lastProgress = now
        } else if now - lastProgress >= stallLimit {
            stream.pacer.metrics.slowDisconnected()
            tell(.stalled)
            return outlet.abort()
        }
        if line != nil, now >= probeTime, outlet.hasPeerFinishedSending { probe(now: now) }
        if now - lastWrite >= heartbeat, outlet.pendingBytes == 0, line.map({ $0.backlog == 0 }) ?? true {
            stream.pacer.metrics.heartbeatSent()
            write(now: now) { FrameEncoder.appendComment(to: &$0) }
        }
        if line != nil { runLine(now: now) }
        if offset < stream.typewriter.position { pump(now: now) }
        if !hasLeft { rest(now: now) }
    }

    // MARK: Sending

    /// Sends what this reader is behind, as far as there is room.
    private func pump(now: Nanoseconds) {
        var sent = 0
        hasMore = false
        while !hasLeft, offset < stream.typewriter.position {
            guard hasRoom else {
                if slowSince == nil { slowSince = now }
                return
            }
            guard sent < Self.bytesPerTurn else {
                hasMore = true
                stream.pacer.wake(handle, at: now)
                return
            }
            let start = offset
            let isSlow = slowSince.map { now - $0 > Stream.joinLag } ?? false
            let ends = missingEnds()
            send(ends[...], joined: isSlow && !isReplaying && !stream.typewriter.pace.isUnpaced, now: now)
            sent += offset - start + ends.count * Self.bytesPerUnit
        }
        isReplaying = false
        slowSince = nil
        if !hasLeft, stream.hasEnded { send([], joined: false, now: now) }
    }

    /// The ends of the next units that have been typed and not sent, as far as one write takes them.
    private func missingEnds() -> [Int] {
        let log = stream.log
        let segmenter = Segmenter(unit: stream.typewriter.pace.unit)
        let limit = stream.typewriter.position
        var ends: [Int] = []
        var position = offset
        let text = log.text
        while position < limit, position - offset + ends.count * Self.bytesPerUnit < Self.bytesPerWrite {
            let end = segmenter.unitEnd(
                in: text.span,
                from: position - log.base,
                isComplete: log.outcome != nil,
                deltaEnd: log.deltaEnds.firstEnd(after: position).map { $0 - log.base }
            )
            position = min(end.map { $0 + log.base } ?? limit, limit)
            ends.append(position)
        }
        return ends
    }

    /// Sends the units up to each of `ends`, and the last frame if that is all.
    @inline(__always)
    private func send(_ ends: ArraySlice<Int>, joined: Bool, now: Nanoseconds) {
        let last = ends.last ?? offset
        guard offset >= stream.log.base else { return outlet.abort() }
        guard line == nil else { return sendOnLine(ends, now: now) }
        if stream.hasEnded, last >= stream.typewriter.position {
            tell(ownOutcome)
            finish { [self] out in
                appendUnits(ends, joined: joined, to: &out)
                appendEnd(to: &out)
            }
            offset = last
            leave()
        } else if !ends.isEmpty {
            write(now: now) { [self] out in appendUnits(ends, joined: joined, to: &out) }
            offset = last
        }
    }

    /// Ends the body; where its head has told a length that it has not, only the connection's end can.
    @inline(__always)
    private func finish(_ body: (inout [UInt8]) -> Void) {
        guard !isResumed, stream.spec.plan.contentLengthExcess != nil else { return outlet.finish(body) }
        outlet.write(body)
        outlet.close()
    }

    @inline(__always)
    private func appendUnits(_ ends: ArraySlice<Int>, joined: Bool, to out: inout [UInt8]) {
        let (text, base) = (stream.log.text, stream.log.base)
        var start = offset
        for index in ends.indices {
            let end = ends[index]
            let next = index + 1 < ends.endIndex ? ends[index + 1] : nil
            if joined, let next, next - start <= Self.joinedBytes { continue }
            frames.appendUnit(
                text.span.extracting(start - base..<end - base),
                end: end,
                afterCarriageReturn: start > base && text[start - base - 1] == 0x0D,
                to: &out
            )
            start = end
        }
    }

    private func appendEnd(to out: inout [UInt8]) {
        appendUsage(to: &out)
        appendLast(to: &out)
    }

    private func appendUsage(to out: inout [UInt8]) {
        guard stream.spec.events.contains(.usage), !isResumed, let usage = stream.toldUsage else { return }
        PlainStreamFrames.appendUsage(usage, to: &out)
    }

    private func appendLast(to out: inout [UInt8]) {
        if case .fault(let fault) = stream.log.outcome {
            frames.appendFault(fault, to: &out)
        } else {
            frames.appendDone(to: &out)
        }
    }

    @inline(__always)
    func write(now: Nanoseconds, _ body: (inout [UInt8]) -> Void) {
        lastWrite = now
        guard line == nil else {
            line?.append(.structure, body)
            return runLine(now: now)
        }
        outlet.write(body)
    }

    // MARK: Where something goes wrong on purpose

    /// The socket takes more, and a fault does not keep back too much already.
    private var hasRoom: Bool { outlet.pendingBytes + (line?.backlog ?? 0) < undeliveredLimit }

    /// A fault may have silence in mind, so nothing can be said to find out whether the client is there.
    func probe(now: Nanoseconds) {
        probeTime = now + heartbeat
        if !outlet.probe() { outlet.abort() }
    }

    private func releaseFaults() {
        while let next = laterFaults.first, next.position <= offset {
            line?.trigger(next.fault)
            laterFaults.removeFirst()
        }
    }

    /// Puts on the line as much as it has room for: the rest is rendered when that has left.
    private func sendOnLine(_ ends: ArraySlice<Int>, now: Nanoseconds) {
        for index in ends.indices where hasRoom {
            line?.append(.unit) { out in appendUnits(ends[index...index], joined: false, to: &out) }
            offset = ends[index]
            releaseFaults()
        }
        if stream.hasEnded, offset >= stream.typewriter.position, !hasOfferedEnd {
            hasOfferedEnd = true
            let isWhole = stream.log.outcome == .whole
            line?.append(.usage) { out in appendUsage(to: &out) }
            line?.append(isWhole ? .terminator : .failure) { out in appendLast(to: &out) }
            line?.appendEnd()
        }
        lastWrite = now
        runLine(now: now)
    }

    private func runLine(now: Nanoseconds) {
        // Each step may find the reader gone: the line is not held while one is done.
        while !hasLeft, outlet.isOpen, let action = line?.next(now: now) {
            switch action {
            case .write(let bytes): outlet.write { $0.append(contentsOf: bytes) }
            case .fail:
                stream.keeper?.readerEnded(.failed)
                tell(.failed)
                line?.append(.failure) { [frames] out in frames.appendFault(Self.injected, to: &out) }
                line?.appendEnd()
            case .reset: leave(as: .broken) { $0.reset() }
            case .close: leave(as: .broken) { $0.close() }
            case .end: leave(as: line?.isCutShort == true ? .broken : ownOutcome) { [self] _ in finish { _ in } }
            case .wait, .idle, .stalled: return
            }
        }
    }

    private func leave(as outcome: AnswerOutcome, _ last: (any Outlet) -> Void) {
        stream.keeper?.readerEnded(outcome)
        tell(outcome)
        leave()
        last(outlet)
    }

    private static let injected = ChatFault(
        kind: .upstreamError,
        message: "A fault that was asked for.",
        retryable: true
    )

    /// How it goes where nothing goes wrong on the way.
    private var ownOutcome: AnswerOutcome { stream.log.outcome == .whole ? .whole : .failed }

    /// Tells the log how it went; the first word counts.
    private func tell(_ outcome: AnswerOutcome) {
        guard report.outcome == nil else { return }
        report.outcome = outcome
        stream.tell(report, isResumed: isResumed)
    }

    private func rest(now: Nanoseconds) {
        guard handle >= 0 else { return }
        guard !hasMore else { return stream.pacer.wake(handle, at: now) }
        let check = now + (isWaiting ? Self.waitingCheckTime : Self.checkTime)
        let next = min(check, max(lastWrite + heartbeat, now + .millisecond))
        stream.pacer.wake(handle, at: min(next, line?.wakeTime ?? .max))
    }

    func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        tell(.disconnected)
        if line != nil { stream.keeper?.readerEnded(.disconnected) }
        outlet.delegate = nil
        if handle >= 0 { stream.pacer.remove(handle) }
        handle = -1
        stream.remove(self, now: Pacer.now())
    }
}

@available(*, unavailable)
extension Reader: Sendable {}
