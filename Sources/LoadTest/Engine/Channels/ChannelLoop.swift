// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import NIOCore
internal import TLS
internal import Typewriter

/// Plays a plan over TLS and HTTP/2: on one event loop of NIO's, to which all of it is confined. What begins when, what is
/// read and what is recorded is decided by the same parts as in ``LoadLoop``; but arrivals are stamped when they are read.
final class ChannelLoop {
    /// What the loop has of one target.
    struct Lane {
        let lane: TargetLane
        let request: ByteBuffer
        let http2Request: HTTP2Request
    }

    let plan: LoadPlan
    let eventLoop: any EventLoop
    let addresses: [NIOCore.SocketAddress]
    /// Of targets over TLS.
    let contexts: [TLSContext?]
    /// The most connections.
    let capacity: Int
    let signals: LoopSignals
    let live: LiveFigures
    let result: EventLoopPromise<RunRecord>
    var lanes: [Lane] = []
    var driver: LoadDriver
    var trust = TrustSignals()
    var gauge = LiveGauge()
    var pauses = FailurePauses()
    /// Since when figures count; nil during the warm-up.
    var start: MachineCounters?

    /// The run's start, and when the clock was looked at last. All times here are on the monotonic clock.
    var origin: Nanoseconds = 0
    var now: Nanoseconds = 0
    /// When ``keepTime()`` has something to do.
    private var due = Nanoseconds.max
    private var nextBeat = Nanoseconds.max
    private var nextLook = Nanoseconds.max
    private var timer: Scheduled<Void>?
    private var armed = Nanoseconds.max
    private var isKeepingTime = false
    /// When the first socket of this turn of the loop was read; 0: none was.
    private var turnBegan: Nanoseconds = 0

    var connections: [Int: ChannelConnection] = [:]
    var pools: [StreamAllotment]
    /// The most streams on a connection, of each target: as asked for, and as its server allows.
    var streamLimits: [Int]
    var nextConnection = 0
    /// What was agreed on with each target.
    var wires: [String?]
    var preparation: Preparation
    var streams: [ChannelStream?] = []
    var vacant: [Int] = []
    /// Places of which the recorders know.
    var reserved = 64
    var running = 0
    /// When a place was last given up while all were taken.
    var freed: Nanoseconds = 0
    private var isOver = false

    init(
        _ plan: LoadPlan,
        eventLoop: any EventLoop,
        addresses: [NIOCore.SocketAddress],
        contexts: [TLSContext?],
        capacity: Int,
        signals: LoopSignals,
        live: LiveFigures,
        result: EventLoopPromise<RunRecord>
    ) {
        self.plan = plan
        self.eventLoop = eventLoop
        self.addresses = addresses
        self.contexts = contexts
        self.capacity = capacity
        self.signals = signals
        self.live = live
        self.result = result
        driver = LoadDriver(plan)
        pools = plan.targets.map { _ in StreamAllotment() }
        streamLimits = plan.targets.indices.map { plan.streamsPerConnection(to: $0) }
        wires = plan.targets.map { _ in nil }
        preparation = Preparation(began: KernelClock.now())
    }

    /// The connections are there: begins.
    func begin() {
        if plan.warmUp == nil { start = .read() }
        now = KernelClock.now()
        origin = max(now, plan.startsAt ?? now)
        for target in plan.targets.indices {
            let lane = TargetLane(plan: plan, target: target, places: reserved, origin: origin)
            let http2Request = HTTP2Request(plan.targets[target], userAgent: plan.userAgent)
            lanes.append(Lane(lane: lane, request: ByteBuffer(bytes: lane.request), http2Request: http2Request))
        }
        (nextBeat, nextLook, due) = (origin, origin + LoadLoop.lookPeriod, origin)
        arm()
    }

    // MARK: Time

    /// Has ``keepTime()`` called at once: a stream has ended, so another may begin.
    func hurry() {
        due = now
        if !isKeepingTime { arm() }
    }

    private func arm() {
        guard !isOver, due < armed else { return }
        timer?.cancel()
        armed = due
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(max(due, 0)))
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.wake() }
    }

    private func wake() {
        guard !isOver else { return }
        armed = .max
        now = KernelClock.now()
        if signals.isInterrupted {
            cutAll()
        } else if now >= due {
            isKeepingTime = true
            keepTime()
            isKeepingTime = false
        }
        if isOver || running == 0 && driver.isExhausted(at: now - origin) {
            isOver = true
            return finish()
        }
        arm()
    }

    /// Does what is due, and finds out when the next is.
    private func keepTime() {
        if now >= nextBeat { beat() }
        let cutsAt = driver.cutsAt.map { origin.saturatingAdd($0) } ?? .max
        if now >= cutsAt { return cutAll() }
        while let target = pauses.next(at: now) { driver.ended(target: target, at: now - origin) }
        var orders = 0
        while orders < LoadLoop.ordersInARow, let order = driver.next(at: now - origin) {
            begin(order)
            now = KernelClock.now()
            orders += 1
        }
        due = min(nextBeat, pauses.nextTime ?? .max, cutsAt)
        if let wakesAt = driver.wakesAt { due = min(due, origin.saturatingAdd(wakesAt)) }
        if orders == LoadLoop.ordersInARow { due = now }
    }

    private func beat() {
        if start != nil { trust.timerLag.record(now - nextBeat) }
        nextBeat += (1 + (now - nextBeat) / LoadLoop.heartbeat) * LoadLoop.heartbeat
        guard now >= nextLook else { return }
        endSilent()
        publish()
        nextLook = now + LoadLoop.lookPeriod
    }

    /// A socket has been read: tells when. The first of a turn of the loop was ready when the turn began, and so, at the
    /// latest, were all others.
    func noteRead() -> Nanoseconds {
        now = KernelClock.now()
        if turnBegan == 0 {
            turnBegan = now
            eventLoop.assumeIsolated().execute { self.turnBegan = 0 }
        }
        if start != nil { trust.loopLag.record(now - turnBegan) }
        return now
    }

    /// Ends all that runs: the time is up, or somebody has interrupted.
    private func cutAll() {
        now = KernelClock.now()
        for case let stream? in streams { end(stream, as: .cut, at: now) }
        isOver = true
    }

    // MARK: Figures

    private func publish() {
        gauge.figures.running = running
        gauge.figures.isWarmingUp = start == nil
        live.set(gauge.read(elapsed: max(0, now - origin), trust: trust))
    }

    /// Closes what is open, and tells what has been measured.
    private func finish() {
        now = KernelClock.now()
        timer?.cancel()
        if let start { MachineCounters.read().tell(since: start, &trust) }
        publish()
        closeAll()
        trust.lacksKernelStamps = true
        var run = RunRecord()
        run.signals = trust
        run.wasInterrupted = signals.isInterrupted
        run.targets = plan.targets.indices.map { record(of: $0) }
        result.succeed(run)
    }

    private func record(of target: Int) -> TargetRecord {
        let lane = lanes[target].lane
        lane.recorder.finish(at: now)
        var record = lane.recorder.record
        record.planned = driver.plannedCounts.indices.contains(target) ? driver.plannedCounts[target] : 0
        record.format = lane.reader.format
        record.reading = lane.reader.counts
        record.wire = wires[target]
        return record
    }
}

@available(*, unavailable)
extension ChannelLoop: Sendable {}
