// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// One answer, from whichever of several upstreams gives it: retries, failover and hedging.
///
/// A state machine: what happens to its attempts and times go in, actions come out. Before the first token an attempt
/// may be given up for another; whoever says the first token answers, and what happens to it then is the answer's end,
/// unless the policy has another target go on. Times are nanoseconds.
public struct RoutedCall: Sendable {
    /// What has to be done now, in this order.
    public enum Action: Equatable, Sendable {
        /// A target is to be asked, as soon as it has a place for one more: then ``entered(_:now:)``.
        case ask(attempt: Int, target: Int)
        /// The attempt's transfer is not needed any more, and its place is free.
        case release(attempt: Int)
        /// Whoever says the first token answers, and this is who: the target with this number, and its answer's head.
        case choose(target: Int, TransferHead?)
        /// These bytes of the answer pass to the client as they are. What they say follows.
        case relay([UInt8])
        /// The answer is this error, as it is; the fault follows.
        case refuse(PassedAnswer)
        /// The answer says this; `end` or `fault` is the last.
        case say([ChatEvent])
        /// The mock answers from here on, as the target with this number.
        case playMock(target: Int)
        /// A target failed, and another attempt follows, after `delay` nanoseconds.
        case retried(ChatFault, target: Int, delay: Int64)
        /// What is said from here on comes from another target, which was asked to go on behind the text so far.
        case resume(target: Int)
    }

    private struct Attempt {
        let target: Int
        /// Its number on the board.
        let request: Int
        /// Nil while it waits for its place.
        var exchange: ChatExchange?
        var start: Int64
        /// Token counts that came before the first token.
        var early: [ChatEvent] = []
        /// What may pass to the client, should this be who answers.
        var earlyBytes: [UInt8] = []
    }

    private let plan: CallPlan
    private let board: TargetBoard
    private let wantsUsage: Bool
    private let limit: Int
    private var generator: SplitMix64
    private var attempts: [Int: Attempt] = [:]
    private var attemptsMade = 0
    private var retries = 0
    /// The targets that have failed or are being asked.
    private var tried: Set<Int> = []
    private var winner: Int?
    /// Text was said by a target that failed then: the others are to go on behind it.
    private var isContinued = false
    /// A call of a tool cannot be gone on with.
    private var hasCalledTool = false
    /// A failure is the end, whatever the policy says.
    private var isLastTry = false
    private var retryTime: Int64?
    private var hedgeTime: Int64?
    private var lastFault: ChatFault?
    private var isHeldBack = false
    /// The last action is out.
    public private(set) var hasEnded = false

    /// - Parameters:
    ///   - limit: The most bytes of one line or event of an upstream.
    ///   - seed: Draws targets and back-offs.
    public init(_ plan: CallPlan, board: TargetBoard, wantsUsage: Bool, limit: Int, seed: UInt64) {
        self.plan = plan
        self.board = board
        self.wantsUsage = wantsUsage
        self.limit = limit
        self.generator = SplitMix64(seed: seed)
    }

    /// The number of the target that an attempt asks; nil where the attempt is over.
    public func target(of attempt: Int) -> Int? { attempts[attempt]?.target }

    /// When ``clockRanOut(now:)`` is to be called; nil where nothing is waited for.
    public var deadline: Int64? {
        guard !hasEnded else { return nil }
        var times = attempts.values.compactMap { attempt in
            guard let exchange = attempt.exchange else { return attempt.start + queueTime(attempt) }
            return exchange.deadline
        }
        if let retryTime { times.append(retryTime) }
        if let hedgeTime { times.append(hedgeTime) }
        return times.min()
    }

    // MARK: Events

    /// Asks the first target.
    public mutating func begin(now: Int64) -> [Action] {
        var actions: [Action] = []
        ask(isHedge: false, now: now, &actions)
        return actions
    }

    /// An attempt has its place, and its transfer begins.
    public mutating func entered(_ attempt: Int, now: Int64) {
        guard let target = attempts[attempt]?.target, let endpoint = plan.targets[target].endpoint else { return }
        attempts[attempt]?.exchange = ChatExchange(
            endpoint: endpoint,
            as: plan.targets[target].form,
            wantsUsage: wantsUsage,
            limit: limit,
            start: now
        )
        attempts[attempt]?.start = now
        guard let hedge = plan.policy.hedge, winner == nil, attempts.count == 1 else { return }
        // That an answer is silent which comes as one body says nothing.
        guard plan.targets[target].form != .body else { return }
        hedgeTime = now + board.hedgeDelay(for: plan.targets[target], hedge)
    }

    /// There is no place for an attempt, nor in the queue.
    public mutating func refused(_ attempt: Int, now: Int64) -> [Action] {
        var actions: [Action] = []
        failed(attempt, Self.crowded, now: now, &actions)
        return actions
    }

    /// The next part of an attempt's transfer.
    public mutating func received(_ part: TransferPart, of attempt: Int, now: Int64) -> [Action] {
        guard let events = attempts[attempt]?.exchange?.received(part, now: now) else { return [] }
        var actions: [Action] = []
        take(events, of: attempt, now: now, &actions)
        return actions
    }

    /// A clock has run out, if one has.
    public mutating func clockRanOut(now: Int64) -> [Action] {
        var actions: [Action] = []
        for id in attempts.keys.sorted() {
            if let events = attempts[id]?.exchange?.clockRanOut(now: now) {
                take(events, of: id, now: now, &actions)
            } else if let attempt = attempts[id], attempt.start + queueTime(attempt) <= now {
                failed(id, Self.crowded, now: now, &actions)
            }
        }
        if let time = hedgeTime, time <= now {
            hedgeTime = nil
            if winner == nil, !hasEnded { ask(isHedge: true, now: now, &actions) }
        }
        if let time = retryTime, time <= now, !hasEnded {
            retryTime = nil
            ask(isHedge: false, now: now, &actions)
        }
        return actions
    }

    /// The answer is not wanted any more.
    public mutating func abandon(now: Int64) -> [Action] {
        var actions: [Action] = []
        releaseAll(but: nil, now: now, &actions)
        hasEnded = true
        return actions
    }

    /// Nobody waits for the answer any more, but for what it costs: no other attempt is worth that. False where no
    /// upstream has been asked yet, and there is nothing to pay for.
    public mutating func stopTrying() -> Bool {
        isLastTry = true
        hedgeTime = nil
        return attempts.values.contains { $0.exchange != nil }
    }

    /// The reader holds the transfers back, or no longer does.
    public mutating func holdBack(_ isHeldBack: Bool, now: Int64) {
        guard isHeldBack != self.isHeldBack else { return }
        self.isHeldBack = isHeldBack
        for id in attempts.keys { attempts[id]?.exchange?.holdBack(isHeldBack, now: now) }
    }

    // MARK: Targets

    private mutating func ask(isHedge: Bool, now: Int64, _ actions: inout [Action]) {
        var chosen = choose(now: now)
        if chosen == nil, !isHedge, !tried.isEmpty {
            // All have had their turn: it begins again.
            tried = isContinued ? mocks : []
            chosen = choose(now: now)
        }
        guard let chosen else {
            if !isHedge { end(with: lastFault ?? Self.noTarget, nil, &actions) }
            return
        }
        let target = chosen.target
        tried.insert(target)
        guard plan.targets[target].endpoint != nil else {
            releaseAll(but: nil, now: now, &actions)
            hasEnded = true
            board.ended(plan.targets[target], chosen.request, .succeeded, now: now)
            return actions.append(.playMock(target: target))
        }
        let id = attemptsMade
        attemptsMade += 1
        attempts[id] = Attempt(target: target, request: chosen.request, start: now)
        actions.append(.ask(attempt: id, target: target))
    }

    /// They cannot go on behind another's text.
    private var mocks: Set<Int> { Set(plan.targets.indices.filter { plan.targets[$0].endpoint == nil }) }

    private mutating func choose(now: Int64) -> TargetBoard.Chosen? {
        board.choose(
            among: plan.targets,
            balance: plan.policy.balance,
            excluding: tried,
            seed: generator.next(),
            now: now
        )
    }

    private func queueTime(_ attempt: Attempt) -> Int64 {
        let limits = plan.targets[attempt.target].endpoint?.concurrency ?? ConcurrencyLimits()
        return Int64(limits.queueMilliseconds) * 1_000_000
    }

    // MARK: What an attempt says

    private mutating func take(_ events: [ChatEvent], of id: Int, now: Int64, _ actions: inout [Action]) {
        var said: [ChatEvent] = []
        var passed = attempts[id]?.exchange?.takePassed() ?? []
        if winner != id, !passed.isEmpty {
            attempts[id]?.earlyBytes += passed
            passed = []
            if winner == nil, let attempt = attempts[id], attempt.exchange?.hasMuchToPass == true {
                win(id, attempt, now: now, &said, &actions)
            }
        }
        if !passed.isEmpty { actions.append(.relay(passed)) }
        for event in events {
            guard let attempt = attempts[id] else { break }
            switch event {
            case .reasoning where isContinued: continue
            case .text, .reasoning, .refusal, .toolCall:
                if case .toolCall = event { hasCalledTool = true }
                if winner == nil { win(id, attempt, now: now, &said, &actions) }
                if winner == id { said.append(event) }
            case .usage:
                if winner == id { said.append(event) } else { attempts[id]?.early.append(event) }
            case .end:
                if winner == nil { win(id, attempt, now: now, &said, &actions) }
                guard winner == id else { break }
                said.append(event)
                board.ended(plan.targets[attempt.target], attempt.request, .succeeded, now: now)
                finish(id, said, &actions)
                return
            case .fault(let fault):
                if winner == id {
                    guard mayContinue(after: fault) else {
                        board.ended(plan.targets[attempt.target], attempt.request, .failed, now: now)
                        return finish(id, said + [event], &actions)
                    }
                    if !said.isEmpty { actions.append(.say(said)) }
                    winner = nil
                    isContinued = true
                    tried.formUnion(mocks)
                    return failed(id, fault, now: now, &actions)
                }
                failed(id, fault, now: now, &actions)
            }
        }
        if !said.isEmpty { actions.append(.say(said)) }
    }

    private func mayContinue(after fault: ChatFault) -> Bool {
        plan.policy.continuesElsewhere && !hasCalledTool && !isLastTry && fault.retryable
            && attemptsMade < plan.policy.retries.attempts
    }

    private mutating func win(
        _ id: Int,
        _ attempt: Attempt,
        now: Int64,
        _ said: inout [ChatEvent],
        _ actions: inout [Action]
    ) {
        winner = id
        hedgeTime = nil
        retryTime = nil
        let target = plan.targets[attempt.target]
        if target.form != .body { board.firstToken(target, attempt.request, after: now - attempt.start, now: now) }
        said += attempt.early
        releaseAll(but: id, now: now, &actions)
        actions.append(.choose(target: attempt.target, attempt.exchange?.head))
        if isContinued { actions.append(.resume(target: attempt.target)) }
        if !attempt.earlyBytes.isEmpty { actions.append(.relay(attempt.earlyBytes)) }
        attempts[id]?.earlyBytes = []
    }

    private mutating func finish(_ id: Int, _ said: [ChatEvent], _ actions: inout [Action]) {
        actions.append(.say(said))
        actions.append(.release(attempt: id))
        attempts[id] = nil
        hasEnded = true
    }

    // MARK: Failures before the first token

    private mutating func failed(_ id: Int, _ fault: ChatFault, now: Int64, _ actions: inout [Action]) {
        guard let attempt = attempts.removeValue(forKey: id) else { return }
        let settings = plan.policy.retries
        let isTargets = fault != Self.crowded && (settings.covers(fault) || isContinued && fault.retryable)
        // What the request itself got wrong says nothing about the target.
        let outcome = isTargets ? TargetBoard.Outcome.failed : .abandoned
        board.ended(plan.targets[attempt.target], attempt.request, outcome, now: now)
        actions.append(.release(attempt: id))
        lastFault = fault
        // Another one is still being asked.
        guard attempts.isEmpty, retryTime == nil else { return }
        hedgeTime = nil
        let hasFresh = plan.targets.indices.contains { !tried.contains($0) }
        // Who has waited that long for nothing does not wait as long again for the same.
        let isWorthIt = hasFresh || fault.kind != .upstreamTimeout
        guard isTargets || fault == Self.crowded, isWorthIt, !isLastTry, attemptsMade < settings.attempts else {
            return end(with: fault, attempt.exchange?.errorAnswer, &actions)
        }
        retries += 1
        var delay: Int64? = 0
        if !hasFresh {
            delay = BackOff(settings).delay(beforeRetry: retries, retryAfter: fault.retryAfter, using: &generator)
        }
        guard let delay else { return end(with: fault, attempt.exchange?.errorAnswer, &actions) }
        actions.append(.retried(fault, target: attempt.target, delay: delay))
        if delay > 0 { retryTime = now + delay } else { ask(isHedge: false, now: now, &actions) }
    }

    private mutating func end(
        with fault: ChatFault,
        _ answer: PassedAnswer?,
        _ actions: inout [Action]
    ) {
        hasEnded = true
        if let answer { actions.append(.refuse(answer)) }
        actions.append(.say([.fault(fault)]))
    }

    private mutating func releaseAll(but winner: Int?, now: Int64, _ actions: inout [Action]) {
        for id in attempts.keys.sorted() where id != winner {
            guard let attempt = attempts.removeValue(forKey: id) else { continue }
            board.ended(plan.targets[attempt.target], attempt.request, .abandoned, now: now)
            actions.append(.release(attempt: id))
        }
    }

    private static let crowded = ChatFault(
        kind: .overloaded,
        message: "The upstream has as many requests as it may. Try again later.",
        retryable: true
    )

    private static let noTarget = ChatFault(
        kind: .overloaded,
        message: "No upstream of this model is well at the moment. Try again later.",
        retryable: true
    )
}
