// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Conversation
internal import HTTPServer
internal import Metrics
internal import MockModel
internal import Typewriter
internal import Upstream
internal import WireFormats

/// One request's answer on its way to its client: players say which piece is due, a writer sends it.
///
/// Lives on the loop of its connection, and ends with it. What may be read again later is not kept here: the order is,
/// and another session plays it again.
final class AnswerSession: Pulsing {
    /// Bounds the work of one wake.
    private let unitsPerWake: Int
    /// The most text of a frame that joins late units.
    private static let joinedBytes = 4096
    /// How often a client is looked at that is not being written to.
    private static let checkTime: Nanoseconds = 1 * .second

    // What each wake needs stands first, together: on the way of a frame most time is lost waiting for memory.
    let pacer: Pacer
    private(set) var handle: PacingWheel.Handle = -1
    var players: [AnswerPlayer]
    let writer: any AnswerWriter
    private let undeliveredLimit: Int
    private let backlogLimit: Int
    private var lastWrite: Nanoseconds
    private var lastFrame: Nanoseconds = 0
    private let heartbeat: Nanoseconds
    /// When the head leaves even if nothing has been said.
    private let holdEnd: Nanoseconds
    private var watch: StallWatch
    var call: UpstreamCall?
    /// Whether the answer has been called off.
    var isCalledOff: (() -> Bool)?
    private var hasBegun = false
    /// All that was said has been given to the writer.
    private var hasSaidAll = false
    /// When the client is looked for next.
    private var probeTime: Nanoseconds = 0
    private(set) var hasLeft = false
    /// When each of several choices has something to say next.
    private var turns: [Nanoseconds] = []
    private var endedChoices: Set<Int> = []
    private var callingChoices: Set<Int> = []
    private var outcome = AnswerOutcome.whole
    var usage: Usage?
    private(set) var firstToken: Nanoseconds?
    /// Why it failed.
    private(set) var fault: ChatFault?
    /// Where the units of the first choice end, while a fault may keep them from leaving.
    private(set) var unitEnds: [Int] = []
    unowned let loop: GatewayLoop
    let order: AnswerOrder
    /// Tells how it went, and what the first choice had said by then; once.
    var onEnd: ((AnswerOutcome, [UInt8]) -> Void)?

    /// - Parameter hold: How long the head waits for the first word, so that an early error has its own HTTP status.
    init(_ order: AnswerOrder, writer: any AnswerWriter, hold: Nanoseconds, loop: GatewayLoop) {
        let limits = loop.services.configuration.streams
        self.order = order
        self.unitsPerWake = 1024 / ((order.chat.topLogprobs ?? 0) + 1)
        self.writer = writer
        self.loop = loop
        self.pacer = loop.pacer
        self.undeliveredLimit = limits.undelivered
        self.backlogLimit = limits.backlog
        self.lastWrite = order.start
        self.holdEnd = order.start + hold
        self.heartbeat = Nanoseconds(Double(limits.heartbeat) * Double.random(in: 0.92...1.08))
        self.watch = StallWatch(limit: limits.stall, now: order.start)
        self.players = (0..<order.chat.choices).map { choice in
            AnswerPlayer(pace: order.pace, seed: order.identity.seed &+ UInt64(choice), start: order.start)
        }
    }

    // MARK: What is said

    /// Plays the order's scripts from its start on: what was due before `now` comes at once.
    func play(_ scripts: [AnswerScript], now: Nanoseconds) {
        for (choice, script) in scripts.enumerated() where choice < players.count {
            players[choice].play(script, now: order.start)
        }
        start(now: now)
    }

    /// - Parameter isCounted: The stream counts as open already.
    func start(now: Nanoseconds, isCounted: Bool = false) {
        turns = [Nanoseconds](repeating: order.start, count: players.count)
        handle = loop.pacer.add(self)
        if !isCounted { pacer.metrics.streamOpened(format: order.chat.format.rawValue) }
        writer.onLast = { [unowned self] in report(writer.isBroken ? .broken : ownOutcome) }
        writer.flush(now: now)
        work(now: now)
    }

    /// What follows comes from another model.
    func markContinued() { writer.markContinued() }

    // MARK: Time

    func warm(_ step: Int) {
        switch step {
        case 0: clinux_prefetch(Unmanaged.passUnretained(self).toOpaque(), 384)
        case 1:
            clinux_prefetch(Unmanaged.passUnretained(writer as AnyObject).toOpaque(), 448)
            players.withUnsafeBytes { clinux_prefetch($0.baseAddress, 448) }
        case 2:
            players.first?.warm { clinux_prefetch($0, Int32($1)) }
            writer.warm(step)
        default: writer.warm(step)
        }
    }

    func pulse(now: Nanoseconds) {
        if let deadline = call?.deadline, deadline <= now { call?.clockRanOut(now: now) }
        work(now: now)
    }

    func work(now: Nanoseconds) {
        guard !hasLeft else { return }
        guard writer.isOpen else { return leave(.disconnected) }
        if isCalledOff?() == true { return callOff(now: now) }
        guard !watch.hasStalled(writer.progress(), now: now) else {
            pacer.metrics.slowDisconnected()
            leave(.stalled)
            return writer.abort()
        }
        var next = advance(now: now)
        writer.flush(now: now)
        guard writer.isOpen else { return finishUp() }
        if now - lastWrite >= heartbeat, hasBegun, writer.pendingBytes == 0 {
            if writer.heartbeat(now: now) { pacer.metrics.heartbeatSent() }
            lastWrite = now
        }
        if now >= probeTime, !probePeer(now: now) { return }
        if let call {
            call.setRoom(backlog < backlogLimit, now: now)
            next = min(next, call.deadline ?? .max)
        }
        next = min(next, writer.wakeTime, now + Self.checkTime)
        if hasBegun, writer.pendingBytes == 0 { next = min(next, lastWrite + heartbeat) }
        if !hasBegun { next = min(next, holdEnd) }
        // Each write may have found the client gone, and ended the session.
        if !hasLeft { pacer.wake(handle, at: next) }
    }

    /// A client that has finished sending may still read, or be gone: the answer to a write tells. In silence only: on
    /// the way of a frame the frame tells. Where nothing can be written it is gone. False where the session has ended.
    private func probePeer(now: Nanoseconds) -> Bool {
        probeTime = now + Self.checkTime / 2
        let silence = now - (writer.lastSend ?? lastWrite)
        guard silence >= Self.checkTime / 2, writer.hasPeerFinishedSending else { return true }
        if !hasBegun { begin(now: now) }
        writer.flush(now: now)
        if writer.heartbeat(now: now) {
            probeTime = .max  // From now on heartbeats tell.
            return true
        }
        probeTime = now + heartbeat
        if writer.probe() { return true }
        writer.abort()
        leave(.disconnected)
        return false
    }

    private var backlog: Int { players.reduce(0) { $0 + $1.backlog } }

    // MARK: What is due

    /// Gives the writer all that is due, as far as the client takes it; tells when something is due next.
    private func advance(now: Nanoseconds) -> Nanoseconds {
        guard !hasSaidAll, writer.pendingBytes < undeliveredLimit else { return .max }
        let next = players.count == 1 ? advanceOnly(now: now) : advanceInTurn(now: now)
        if !hasBegun, now >= holdEnd, !hasSaidAll { begin(now: now) }
        return next
    }

    /// One choice, whose late units may share frames.
    private func advanceOnly(now: Nanoseconds) -> Nanoseconds {
        var late: (piece: AnswerPiece, range: Range<Int>)?
        for _ in 0..<unitsPerWake {
            let step = players[0].next(now: now)
            if case .unit(let piece, let range, let due) = step {
                count(due: due, now: now)
                if !hasBegun { begin(now: now) }
                lastWrite = now
                if now - due > Stream.joinLag, !players[0].typewriter.pace.isUnpaced {
                    join(piece, range, &late)
                } else {
                    flush(&late)
                    append(piece, range, 0)
                }
                continue
            }
            flush(&late)
            if let time = perform(step, choice: 0, now: now) { return time }
        }
        flush(&late)
        return now
    }

    /// Several choices, in the order in which their units are due and not in that in which somebody looks: so the same
    /// seed gives the same bytes, however late a wake is.
    private func advanceInTurn(now: Nanoseconds) -> Nanoseconds {
        for _ in 0..<unitsPerWake where !hasSaidAll {
            var choice = 0
            for other in turns.indices where turns[other] < turns[choice] { choice = other }
            let time = turns[choice]
            guard time <= now else { return time }
            let step = players[choice].next(now: time)
            if case .unit(let piece, let range, let due) = step {
                count(due: due, now: now)
                if !hasBegun { begin(now: now) }
                lastWrite = now
                append(piece, range, choice)
            } else if let next = perform(step, choice: choice, now: now) {
                turns[choice] = max(next, time + 1)
            }
        }
        return hasSaidAll ? .max : now
    }

    /// Does what is no unit; tells when the choice has something to say again, nil for at once.
    private func perform(_ step: AnswerPlayer.Step, choice: Int, now: Nanoseconds) -> Nanoseconds? {
        switch step {
        case .unit: return nil
        case .wait(let time): return time
        case .starved: return .max
        case .toolCall(let call):
            if !hasBegun { begin(now: now) }
            callingChoices.insert(choice)
            writer.beginToolCall(call, choice: choice)
            return nil
        case .fault(let fault):
            writer.trigger(fault)
            return nil
        case .ended(let reason):
            if !hasBegun { begin(now: now) }
            end(choice, reason)
            return .max
        case .failed(let fault):
            fail(fault, now: now)
            return .max
        }
    }

    /// Notes how late a frame leaves, and how long after the one before it.
    @inline(__always)
    private func count(due: Nanoseconds, now: Nanoseconds) {
        if lastFrame == 0 {
            pacer.metrics.firstTokenSent(after: now - order.start)
            firstToken = now
        }
        pacer.metrics.frameSent(lag: now - due, gap: lastFrame == 0 ? nil : now - lastFrame)
        lastFrame = now
    }

    @inline(__always)
    private func append(_ piece: AnswerPiece, _ range: Range<Int>, _ choice: Int) {
        let base = players[choice].base
        let text = players[choice].text
        writer.append(
            text.span.extracting(range.lowerBound - base..<range.upperBound - base),
            as: piece,
            choice: choice
        )
        if choice == 0, writer.sentUnits != nil { unitEnds.append(range.upperBound) }
        players[choice].trim(before: range.upperBound)
    }

    /// A stream that is far behind its schedule catches up with fewer, larger frames.
    private func join(
        _ piece: AnswerPiece,
        _ range: Range<Int>,
        _ late: inout (piece: AnswerPiece, range: Range<Int>)?
    ) {
        if let held = late, held.piece == piece, held.range.upperBound == range.lowerBound,
            range.upperBound - held.range.lowerBound <= Self.joinedBytes
        {
            late = (piece, held.range.lowerBound..<range.upperBound)
        } else {
            flush(&late)
            late = (piece, range)
        }
    }

    private func flush(_ late: inout (piece: AnswerPiece, range: Range<Int>)?) {
        guard let held = late else { return }
        late = nil
        append(held.piece, held.range, 0)
    }

    private func begin(now: Nanoseconds) {
        hasBegun = true
        pacer.metrics.otherFrameSent()
        lastWrite = now
        writer.begin(now: now)
    }

    // MARK: The end

    private func end(_ choice: Int, _ reason: FinishReason) {
        guard endedChoices.insert(choice).inserted else { return }
        // Upstreams exist that say `stop` after a call.
        writer.end(reason == .stop && callingChoices.contains(choice) ? .toolCalls : reason, choice: choice)
        guard endedChoices.count == players.count else { return }
        hasSaidAll = true
        let counts = usage ?? order.estimatedUsage(of: players)
        usage = counts
        pacer.metrics.used(tokensIn: counts.inputTokens, tokensOut: counts.outputTokens)
        pacer.metrics.otherFrameSent()
        writer.finish(counts)
    }

    private func fail(_ fault: ChatFault, now: Nanoseconds) {
        hasSaidAll = true
        self.fault = fault
        // Nothing has left yet: the error can be an HTTP error, which every client understands.
        if !hasBegun, writer.refuse(fault) {
            outcome = .refused
            return
        }
        if !hasBegun { begin(now: now) }
        outcome = .failed
        // In a write of its own: a client of Gemini's knows an error only where one read gives it whole.
        writer.flush(now: now)
        writer.fail(fault)
    }

    /// The writer has sent its last byte, or a fault has cut it off.
    func finishUp() {
        leave(writer.isBroken ? .broken : writer.hasEnded ? ownOutcome : .disconnected)
    }

    private var ownOutcome: AnswerOutcome { writer.hasFailed ? .failed : outcome }

    private func report(_ outcome: AnswerOutcome) {
        guard onEnd != nil else { return }
        if let outcome = StreamOutcome(rawValue: outcome.rawValue) {
            pacer.metrics.streamEnded(format: order.chat.format.rawValue, outcome)
        }
        onEnd?(outcome, saidText)
        onEnd = nil
    }

    /// The answer was called off by another request: its stream ends here.
    private func callOff(now: Nanoseconds) {
        hasSaidAll = true
        writer.stop()
        writer.flush(now: now)
        leave(.failed)
    }

    /// The server goes down: what is left cannot be said, and there is no later for what waits for its time.
    func dismiss(now: Nanoseconds) {
        guard !hasLeft else { return }
        writer.hurry()
        if !hasSaidAll { fail(.goingDown, now: now) }
        writer.flush(now: now)
        writer.flush(now: now + HeldFailure.delay)
        finishUp()
    }

    func leave(_ outcome: AnswerOutcome) {
        guard !hasLeft else { return }
        hasLeft = true
        writer.letGo()
        let hasClientLeft = outcome == .disconnected || outcome == .stalled
        if hasClientLeft { call?.clientLeft(now: Pacer.now()) } else { call?.cancel(now: Pacer.now()) }
        call = nil
        if handle >= 0 { loop.pacer.remove(handle) }
        handle = -1
        report(outcome)
        loop.ended(self)
    }
}

@available(*, unavailable)
extension AnswerSession: Sendable {}
