// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Typewriter

/// Plays a plan: the loop, and what it knows. A value without copies, so that nothing on its hot path is counted, checked or
/// found through a reference that is.
struct LoadLoop: ~Copyable {
    /// How often the loop looks whether it is woken in time.
    static let heartbeat = 10 * Nanoseconds.millisecond
    /// How often it compares the clocks, and looks after time-outs and the live figures.
    static let clockPeriod = 100 * Nanoseconds.millisecond
    static let lookPeriod = 250 * Nanoseconds.millisecond
    /// How long the body's end may be behind the terminator: whoever reads the answer has no reason to wait for it.
    static let bodyEndTime = Nanoseconds.second
    /// Most requests begun before sockets have their turn again.
    static let ordersInARow = 256

    let plan: LoadPlan
    let addresses: [SocketAddress]
    let signals: LoopSignals
    let live: LiveFigures
    let lanes: UnsafeMutablePointer<TargetLane>
    /// What a socket holds is read into here, for no longer than it takes to look at it.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 64)
    var poll: EventPoll
    var places: Places
    var sources: SourceAddresses
    var driver: LoadDriver
    var clock = KernelClock()
    var trust = TrustSignals()
    var gauge = LiveGauge()
    var pauses = FailurePauses()
    /// Since when figures count; nil during the warm-up.
    var start: MachineCounters?
    /// Places of which the recorders know.
    var reserved = 0

    /// The run's start. All times here are on the monotonic clock.
    var origin: Nanoseconds = 0
    /// When the clock was looked at last.
    var now: Nanoseconds = 0
    /// When ``keepTime()`` has something to do.
    var due = Nanoseconds.max
    var nextBeat = Nanoseconds.max
    var nextClock = Nanoseconds.max
    var nextLook = Nanoseconds.max
    /// When a place was last given up while all were taken.
    var freed: Nanoseconds = 0

    var running = 0
    var connectingAhead = 0
    var failedAhead = 0
    var stampedReads = 0
    var unstampedReads = 0
    /// Sockets that may hold more than was read: their tokens.
    var unfinished: [UInt64] = []
    var isOver = false
    private var laneCount = 0

    init(
        _ plan: LoadPlan,
        addresses: [SocketAddress],
        capacity: Int,
        signals: LoopSignals,
        live: LiveFigures
    ) throws(LoadFailure) {
        poll = try EventPoll(wakeUp: signals.wakeUp)
        self.plan = plan
        self.addresses = addresses
        self.signals = signals
        self.live = live
        lanes = .allocate(capacity: plan.targets.count)
        places = Places(capacity: capacity, targets: plan.targets.count)
        sources = SourceAddresses(share: plan.share.index, connections: capacity)
        driver = LoadDriver(plan)
    }

    deinit {
        lanes.deinitialize(count: laneCount)
        lanes.deallocate()
        buffer.deallocate()
    }

    /// Runs to the end.
    mutating func play() -> RunRecord {
        connectAhead()
        begin()
        while !isOver { turn() }
        return finish()
    }

    private mutating func begin() {
        awaitStart()
        clock.sample()
        if plan.warmUp == nil { start = .read() }
        reserved = max(64, places.used)
        now = KernelClock.now()
        origin = max(now, plan.startsAt ?? now)
        for target in plan.targets.indices {
            (lanes + target).initialize(to: TargetLane(plan: plan, target: target, places: reserved, origin: origin))
            laneCount += 1
        }
        (nextBeat, nextClock, nextLook) = (origin, origin + Self.clockPeriod, origin + Self.lookPeriod)
        due = origin
    }

    /// Until shortly before the time at which all processes begin: looking at the machine takes a moment.
    private mutating func awaitStart() {
        guard let startsAt = plan.startsAt else { return }
        let ready = startsAt - Self.heartbeat
        while now < ready, !signals.isInterrupted {
            poll.arm(at: ready)
            handleEvents(milliseconds: -1)
        }
    }

    // MARK: Turns

    private mutating func turn() {
        if signals.isInterrupted { return cutAll() }
        if due > now { poll.arm(at: due) }
        handleEvents(milliseconds: due > now && unfinished.isEmpty ? -1 : 0)
        if running == 0, driver.isExhausted(at: now - origin) { isOver = true }
    }

    /// Waits for events, and does what they ask for.
    mutating func handleEvents(milliseconds: CInt) {
        let events = poll.wait(milliseconds: milliseconds)
        now = KernelClock.now()
        if now >= due { keepTime() }
        for event in events where event.data.u64 != EventPoll.wakeToken {
            handle(event.data.u64, event.events)
            // In the midst of a thousand sockets: what is due does not wait for the last of them.
            if now >= due { keepTime() }
        }
        readUnfinished()
    }

    @inline(__always)
    private mutating func handle(_ token: UInt64, _ flags: UInt32) {
        let place = Int(token & 0xFFFF_FFFF)
        let connection = places.connections + place
        // An earlier event of this turn may have closed the socket to which this one belongs.
        guard connection.pointee.generation == UInt32(token >> 32) else { return }
        let hasBytes = flags & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
        let mayEnd = flags & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
        switch connection.pointee.phase {
        case .receiving: if hasBytes { receive(place, mayEnd: mayEnd) }
        case .connecting: settle(place, flags)
        case .sending: if hasBytes { giveUpSending(place, mayEnd: mayEnd) } else { send(place) }
        case .idle: if hasBytes { dropIdle(place) }
        case .closed: break
        }
    }

    static func token(_ place: Int, generation: UInt32) -> UInt64 {
        UInt64(generation) << 32 | UInt64(place)
    }

    // MARK: Time

    /// Does what is due, and finds out when the next is.
    private mutating func keepTime() {
        if now >= nextBeat { beat() }
        let cutsAt = driver.cutsAt.map { origin.saturatingAdd($0) } ?? .max
        if now >= cutsAt { return cutAll() }
        while let target = pauses.next(at: now) { driver.ended(target: target, at: now - origin) }
        var orders = 0
        while orders < Self.ordersInARow, let order = driver.next(at: now - origin) {
            begin(order)
            now = KernelClock.now()
            orders += 1
        }
        due = min(nextBeat, pauses.nextTime ?? .max, cutsAt)
        if let wakesAt = driver.wakesAt { due = min(due, origin.saturatingAdd(wakesAt)) }
        if orders == Self.ordersInARow { due = now }
    }

    private mutating func beat() {
        if start != nil { trust.timerLag.record(now - nextBeat) }
        nextBeat += (1 + (now - nextBeat) / Self.heartbeat) * Self.heartbeat
        if now >= nextClock {
            clock.sample()
            nextClock = now + Self.clockPeriod
        }
        if now >= nextLook {
            endSilent()
            publish()
            nextLook = now + Self.lookPeriod
        }
    }
}
