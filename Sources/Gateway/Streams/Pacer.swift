// SPDX-License-Identifier: Apache-2.0

internal import Metrics
internal import NIOCore
internal import Typewriter

/// Turns the wheel of one event loop: wakes who is due, in turns of bounded work, so that reads and accepts get theirs.
final class Pacer {
    /// What may be woken in one turn. At about ten microseconds each, a turn stays near a millisecond.
    private static let wakesPerTurn = 128
    /// Sleepers are woken in batches, whose memory is fetched for all at once: one after the other, each frame would
    /// wait for the same dozen cache misses.
    private static let wakesPerBatch = 16
    private static let warmSteps = 4
    /// How long the loop looks after its sockets before a turn that was cut short goes on.
    private static let yieldTime: Nanoseconds = 20_000

    private let eventLoop: any EventLoop
    private lazy var alarmClock = AlarmClock(pacer: NIOLoopBound(UnownedPacer(pacer: self), eventLoop: eventLoop))
    private var wheel: PacingWheel
    /// Who is woken, by handle.
    private var sleepers: [(any Pulsing)?] = []
    private var armed: NIOScheduledCallback?
    private var armedTime = Nanoseconds.max
    private var isTurning = false
    private var due: [PacingWheel.Handle] = []
    /// The ends of the units that a stream types in one wake; here, because one stream types at a time.
    var typedEnds: [Int] = []
    /// What this loop has counted; here, because whoever sends a frame has its pacer at hand.
    var metrics = LoopMetrics()
    /// Called at the beginning of each turn, and told at its end when the next one comes.
    var onTurn: (() -> Void)?
    var onNextTurn: ((Nanoseconds) -> Void)?

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.wheel = PacingWheel(now: Self.now())
    }

    deinit {
        armed?.cancel()
    }

    /// The monotonic clock.
    static func now() -> Nanoseconds {
        Nanoseconds(NIODeadline.now().uptimeNanoseconds)
    }

    /// Takes in a sleeper, which is kept until it is removed.
    func add(_ sleeper: any Pulsing) -> PacingWheel.Handle {
        let handle = wheel.add()
        if Int(handle) == sleepers.count { sleepers.append(sleeper) } else { sleepers[Int(handle)] = sleeper }
        return handle
    }

    func remove(_ handle: PacingWheel.Handle) {
        wheel.remove(handle)
        sleepers[Int(handle)] = nil
    }

    /// Wakes the sleeper at `time`, or soon where that has passed; forgets the time it asked for before.
    @inline(__always)
    func wake(_ handle: PacingWheel.Handle, at time: Nanoseconds) {
        wheel.schedule(handle, at: time)
        if !isTurning, time < armedTime { arm() }
    }

    func sleep(_ handle: PacingWheel.Handle) {
        wheel.cancel(handle)
    }

    /// The time has come for which the pacer asked the loop.
    fileprivate func alarm() {
        armed = nil
        armedTime = .max
        turn()
    }

    private func turn() {
        isTurning = true
        onTurn?()
        let now = Self.now()
        var woken = 0
        while woken < Self.wakesPerTurn {
            due.removeAll(keepingCapacity: true)
            while due.count < Self.wakesPerBatch, let handle = wheel.popDue(now: now) { due.append(handle) }
            guard !due.isEmpty else { break }
            for step in 0..<Self.warmSteps {
                for handle in due { sleepers[Int(handle)]?.warm(step) }
            }
            for handle in due { sleepers[Int(handle)]?.pulse(now: now) }
            woken += due.count
        }
        isTurning = false
        if woken >= Self.wakesPerTurn { arm(at: Self.now() + Self.yieldTime) } else { arm(after: now) }
    }

    /// A turn that took so long that the next one is due would be followed by it at once, and the sockets would wait.
    private func arm(after turn: Nanoseconds) {
        guard let next = wheel.nextTime(), next - turn < 2 * .millisecond else { return arm() }
        arm(at: max(next, Self.now() + Self.yieldTime))
    }

    private func arm() {
        if let next = wheel.nextTime() { arm(at: next) } else { onNextTurn?(.max) }
    }

    private func arm(at time: Nanoseconds) {
        armed?.cancel()
        armedTime = time
        // The callback can be refused only by a loop that is shutting down, where nothing has to be woken any more.
        armed = try? eventLoop.scheduleCallback(at: .uptimeNanoseconds(UInt64(max(0, time))), handler: alarmClock)
        onNextTurn?(time)
    }
}

@available(*, unavailable)
extension Pacer: Sendable {}

/// What the loop calls.
private struct AlarmClock: NIOScheduledCallbackHandler {
    let pacer: NIOLoopBound<UnownedPacer>

    func handleScheduledCallback(eventLoop: some EventLoop) {
        pacer.value.pacer.alarm()
    }
}

/// Unowned, not weak: a weak reference would slow down each use of the pacer. The pacer cancels its alarm when it goes.
private struct UnownedPacer {
    unowned let pacer: Pacer
}
