// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// What is due when, where the delays are few: those of one delay become due in the order in which they were added, so that
/// a queue for each takes the place of a heap.
struct DelayLanes: Sendable {
    struct Entry: Equatable, Sendable {
        var due: Nanoseconds
        var place: Int32
        var generation: UInt32
    }

    private struct Lane: Sendable {
        let delay: Nanoseconds
        var entries = FIFO<Entry>()
    }

    /// More delays than anybody calibrates with at once.
    static let mostLanes = 64

    private var lanes: [Lane] = []

    /// Adds what is due `delay` after `base`; bases have to ascend. False where there are too many delays.
    mutating func add(_ place: Int32, generation: UInt32, base: Nanoseconds, delay: Nanoseconds) -> Bool {
        let entry = Entry(due: base.saturatingAdd(delay), place: place, generation: generation)
        if let index = lanes.firstIndex(where: { $0.delay == delay }) {
            lanes[index].entries.append(entry)
            return true
        }
        let isFree = lanes.firstIndex { $0.entries.isEmpty }
        var lane = Lane(delay: delay)
        lane.entries.append(entry)
        if let isFree {
            lanes[isFree] = lane
        } else if lanes.count < Self.mostLanes {
            lanes.append(lane)
        } else {
            return false
        }
        return true
    }

    var nextDue: Nanoseconds? { earliest?.entry.due }

    /// The earliest of all that is due.
    mutating func popDue(at now: Nanoseconds) -> Entry? {
        guard let (lane, entry) = earliest, entry.due <= now else { return nil }
        _ = lanes[lane].entries.popFirst()
        return entry
    }

    private var earliest: (lane: Int, entry: Entry)? {
        var earliest: (lane: Int, entry: Entry)?
        for lane in lanes.indices {
            guard let entry = lanes[lane].entries.first, entry.due < earliest?.entry.due ?? .max else { continue }
            earliest = (lane, entry)
        }
        return earliest
    }
}
