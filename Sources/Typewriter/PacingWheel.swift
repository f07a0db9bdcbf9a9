// SPDX-License-Identifier: Apache-2.0

/// A timing wheel: who is due now, among thousands, at a constant cost for each.
///
/// Knows handles and times, nothing else. Entries of a slot are a doubly linked list through arrays, so scheduling,
/// moving and cancelling allocate nothing. A time beyond one turn of the wheel stays in its slot for the next turns.
public struct PacingWheel: Sendable {
    /// Names an entry of the wheel.
    public typealias Handle = Int32

    private struct Entry {
        var next: Handle = -1
        var previous: Handle = -1
        /// The tick at which it is due; ``PacingWheel/idle`` where it is not scheduled.
        var tick: Int64 = PacingWheel.idle
    }

    private static let idle: Int64 = .max
    private static let slotCount = 1024

    /// The length of a tick.
    public let resolution: Nanoseconds
    /// The last tick that has been reached.
    private var cursor: Int64
    private var heads = [Handle](repeating: -1, count: slotCount)
    /// One bit for each slot that has entries.
    private var occupied = [UInt64](repeating: 0, count: slotCount / 64)
    private var entries: [Entry] = []
    private var free: [Handle] = []
    /// The entry to look at next in the slot of `cursor`.
    private var walk: Handle = -1

    public init(resolution: Nanoseconds = .millisecond, now: Nanoseconds) {
        self.resolution = resolution
        self.cursor = now / resolution
    }

    /// A handle for a new entry, not scheduled yet.
    public mutating func add() -> Handle {
        if let handle = free.popLast() { return handle }
        entries.append(Entry())
        return Handle(entries.count - 1)
    }

    /// Gives the handle back.
    public mutating func remove(_ handle: Handle) {
        cancel(handle)
        free.append(handle)
    }

    /// Sets when `handle` is due next: at the first tick at or after `time`, and at the next one if that has passed.
    public mutating func schedule(_ handle: Handle, at time: Nanoseconds) {
        let tick = max(time / resolution + (time % resolution > 0 ? 1 : 0), cursor + 1)
        if entries[Int(handle)].tick == tick { return }
        cancel(handle)
        let slot = Self.slot(of: tick)
        let head = heads[slot]
        entries[Int(handle)] = Entry(next: head, previous: -1, tick: tick)
        if head >= 0 { entries[Int(head)].previous = handle }
        heads[slot] = handle
        occupied[slot / 64] |= 1 << UInt64(slot % 64)
    }

    /// Takes `handle` off the wheel.
    public mutating func cancel(_ handle: Handle) {
        let entry = entries[Int(handle)]
        guard entry.tick != Self.idle else { return }
        let slot = Self.slot(of: entry.tick)
        if walk == handle { walk = entry.next }
        if entry.previous >= 0 { entries[Int(entry.previous)].next = entry.next } else { heads[slot] = entry.next }
        if entry.next >= 0 { entries[Int(entry.next)].previous = entry.previous }
        if heads[slot] < 0 { occupied[slot / 64] &= ~(1 << UInt64(slot % 64)) }
        entries[Int(handle)] = Entry()
    }

    /// The next handle that is due at `now`, off the wheel; nil where none is left.
    public mutating func popDue(now: Nanoseconds) -> Handle? {
        let nowTick = now / resolution
        while true {
            while walk >= 0 {
                let handle = walk
                if entries[Int(handle)].tick <= cursor {
                    cancel(handle)
                    return handle
                }
                walk = entries[Int(handle)].next
            }
            guard cursor < nowTick else { return nil }
            cursor = min(nowTick, cursor + distanceToOccupied(after: cursor))
            walk = heads[Self.slot(of: cursor)]
        }
    }

    /// The next time at which something may be due; nil where nothing is scheduled.
    public func nextTime() -> Nanoseconds? {
        if walk >= 0 { return cursor * resolution }
        let distance = distanceToOccupied(after: cursor)
        return distance > Self.slotCount ? nil : (cursor + Int64(distance)) * resolution
    }

    /// How many ticks after `tick` the next slot with entries comes; beyond a whole turn where there is none.
    private func distanceToOccupied(after tick: Int64) -> Int64 {
        let first = Self.slot(of: tick + 1)
        var word = first / 64
        var bits = occupied[word] & (~0 << UInt64(first % 64))
        for _ in 0...occupied.count {
            if bits != 0 {
                let slot = word * 64 + bits.trailingZeroBitCount
                return Int64((slot - first + Self.slotCount) % Self.slotCount) + 1
            }
            word = (word + 1) % occupied.count
            bits = occupied[word]
        }
        return Int64(Self.slotCount) + 1
    }

    private static func slot(of tick: Int64) -> Int {
        Int(tick & Int64(slotCount - 1))
    }
}
