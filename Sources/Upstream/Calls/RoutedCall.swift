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

    private let plan: CallPlan
    private let board: TargetBoard
    private let wantsUsage: Bool
    private let limit: Int
    private var generator: SplitMix64
    /// In the order in which they began; each is changed in place, for it is large, and every delta changes it.
    private var attempts: [CallAttempt] = []
    /// How many requests it has come to.
    public private(set) var attemptsMade = 0
    private var retries = 0
    /// The targets that have failed or are being asked.
    private var tried: Set<Int> = []
    private var winner: Int?
    /// The number of the target that gives the answer, once one does.
    public private(set) var answeringTarget: Int?
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
    /// When ``clockRanOut(now:)`` is to be called; nil where nothing is waited for.
    public private(set) var deadline: Int64?

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
    public func target(of attempt: Int) -> Int? { place(of: attempt).map { attempts[$0].target } }

    private func place(of id: Int) -> Int? {
        for place in attempts.indices where attempts[place].id == id { return place }
        return nil
    }

    private mutating func setDeadline() {
        var next = min(retryTime ?? .max, hedgeTime ?? .max)
        for place in attempts.indices {
            if attempts[place].isWaiting {
                next = min(next, attempts[place].start + queueTime(ofTarget: attempts[place].target))
            } else {
                next = min(next, attempts[place].exchange?.nextDeadline() ?? .max)
            }
        }
        deadline = hasEnded || next == .max ? nil : next
    }

    // MARK: Events

    /// Asks the first target.
    public mutating func begin(now: Int64) -> [Action] {
        defer { setDeadline() }
        var actions: [Action] = []
        ask(isHedge: false, now: now, &actions)
        return actions
    }

    /// An attempt has its place, and its transfer begins.
    public mutating func entered(_ attempt: Int, now: Int64) {
        defer { setDeadline() }
        guard let place = place(of: attempt) else { return }
        let target = attempts[place].target
        guard let endpoint = plan.targets[target].endpoint else { return }
        attempts[place].isWaiting = false
        attempts[place].exchange = ChatExchange(
            endpoint: endpoint,
            as: plan.targets[target].form,
            wantsUsage: wantsUsage,
            limit: limit,
            start: now
        )
        attempts[place].start = now
        guard let hedge = plan.policy.hedge, winner == nil, attempts.count == 1 else { return }
        // That an answer is silent which comes as one body says nothing.
        guard plan.targets[target].form != .body else { return }
        hedgeTime = now + board.hedgeDelay(for: plan.targets[target], hedge)
    }

    /// There is no place for an attempt, nor in the queue.
    public mutating func refused(_ attempt: Int, now: Int64) -> [Action] {
        defer { setDeadline() }
        var actions: [Action] = []
        failed(attempt, Self.crowded, now: now, &actions)
        return actions
    }

    /// The next part of an attempt's transfer.
    public mutating func received(_ part: TransferPart, of attempt: Int, now: Int64) -> [Action] {
        defer { setDeadline() }
        guard let place = place(of: attempt), let events = attempts[place].exchange?.received(part, now: now) else {
            return []
        }
        var actions: [Action] = []
        take(events, of: attempt, now: now, &actions)
        return actions
    }

    /// A clock has run out, if one has.
    public mutating func clockRanOut(now: Int64) -> [Action] {
        defer { setDeadline() }
        var actions: [Action] = []
        for id in attempts.map(\.id) {
            guard let place = place(of: id) else { continue }
            if let events = attempts[place].exchange?.clockRanOut(now: now) {
                take(events, of: id, now: now, &actions)
            } else if attempts[place].start + queueTime(ofTarget: attempts[place].target) <= now {
                failed(id, Self.crowded, now: now, &actions)
            }
        }
        if let time = hedgeTime, time <= now {
            hedgeTime = nil
            let mayAskAgain = attemptsMade < plan.policy.retries.attempts
            if winner == nil, !hasEnded, mayAskAgain { ask(isHedge: true, now: now, &actions) }
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
        setDeadline()
        return actions
    }

    /// Nobody waits for the answer any more, but for what it costs: no other attempt is worth that. False where no
    /// upstream has been asked yet, and there is nothing to pay for.
    public mutating func stopTrying() -> Bool {
        isLastTry = true
        hedgeTime = nil
        setDeadline()
        return attempts.contains { $0.exchange != nil }
    }

    /// The reader holds the transfers back, or no longer does.
    public mutating func holdBack(_ isHeldBack: Bool, now: Int64) {
        guard isHeldBack != self.isHeldBack else { return }
        self.isHeldBack = isHeldBack
        for place in attempts.indices { attempts[place].exchange?.holdBack(isHeldBack, now: now) }
        setDeadline()
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
            answeringTarget = target
            board.ended(plan.targets[target], chosen.request, .succeeded, now: now)
            return actions.append(.playMock(target: target))
        }
        let id = attemptsMade
        attemptsMade += 1
        attempts.append(CallAttempt(id: id, target: target, request: chosen.request, start: now))
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

    private func queueTime(ofTarget target: Int) -> Int64 {
        let limits = plan.targets[target].endpoint?.concurrency ?? ConcurrencyLimits()
        return Int64(limits.queueMilliseconds) * 1_000_000
    }

    // MARK: What an attempt says

    private mutating func take(_ events: [ChatEvent], of id: Int, now: Int64, _ actions: inout [Action]) {
        var said: [ChatEvent] = []
        if let place = place(of: id), let passed = attempts[place].exchange?.takePassed(), !passed.isEmpty {
            if winner == id {
                actions.append(.relay(passed))
            } else {
                attempts[place].earlyBytes += passed
                if winner == nil, attempts[place].exchange?.hasMuchToPass == true {
                    win(attempts[place], now: now, &said, &actions)
                }
            }
        }
        for event in events {
            guard let place = place(of: id) else { break }
            switch event {
            case .reasoning where isContinued: continue
            case .text, .reasoning, .refusal, .toolCall:
                if case .toolCall = event { hasCalledTool = true }
                if winner == nil { win(attempts[place], now: now, &said, &actions) }
                if winner == id { said.append(event) }
            case .usage:
                if winner == id { said.append(event) } else { attempts[place].early.append(event) }
            case .end:
                if winner == nil { win(attempts[place], now: now, &said, &actions) }
                guard winner == id else { break }
                said.append(event)
                report(.succeeded, of: id, now: now)
                finish(id, said, &actions)
                return
            case .fault(let fault):
                if winner == id {
                    guard mayContinue(after: fault) else {
                        report(.failed, of: id, now: now)
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

    private func report(_ outcome: TargetBoard.Outcome, of id: Int, now: Int64) {
        guard let place = place(of: id) else { return }
        board.ended(plan.targets[attempts[place].target], attempts[place].request, outcome, now: now)
    }

    private func mayContinue(after fault: ChatFault) -> Bool {
        plan.policy.continuesElsewhere && !hasCalledTool && !isLastTry && fault.retryable
            && attemptsMade < plan.policy.retries.attempts
    }

    private mutating func win(
        _ attempt: CallAttempt,
        now: Int64,
        _ said: inout [ChatEvent],
        _ actions: inout [Action]
    ) {
        winner = attempt.id
        answeringTarget = attempt.target
        hedgeTime = nil
        retryTime = nil
        let target = plan.targets[attempt.target]
        if target.form != .body { board.firstToken(target, attempt.request, after: now - attempt.start, now: now) }
        said += attempt.early
        releaseAll(but: attempt.id, now: now, &actions)
        actions.append(.choose(target: attempt.target, attempt.exchange?.head))
        if isContinued { actions.append(.resume(target: attempt.target)) }
        if !attempt.earlyBytes.isEmpty { actions.append(.relay(attempt.earlyBytes)) }
        if let place = place(of: attempt.id) { attempts[place].earlyBytes = [] }
    }

    private mutating func finish(_ id: Int, _ said: [ChatEvent], _ actions: inout [Action]) {
        actions.append(.say(said))
        actions.append(.release(attempt: id))
        attempts.removeAll { $0.id == id }
        hasEnded = true
    }

    // MARK: Failures before the first token

    private mutating func failed(_ id: Int, _ fault: ChatFault, now: Int64, _ actions: inout [Action]) {
        guard let place = place(of: id) else { return }
        let attempt = attempts.remove(at: place)
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
        for attempt in attempts where attempt.id != winner {
            board.ended(plan.targets[attempt.target], attempt.request, .abandoned, now: now)
            actions.append(.release(attempt: attempt.id))
        }
        attempts.removeAll { $0.id != winner }
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
