// SPDX-License-Identifier: Apache-2.0

/// Which connection of a target takes the next stream: the one that had one last and has room, since its caches are warm and
/// its server waits the shortest. Connections are known by numbers.
struct StreamAllotment {
    private struct Entry {
        var limit: Int
        var taken = 0
        var isListed = true
    }

    private var entries: [Int: Entry] = [:]
    /// Those that had room when they were put here; of others that are found here nothing is known any more.
    private var roomy: [Int] = []

    init() {}

    /// A new connection.
    /// - Parameter limit: The most streams on it at once.
    mutating func add(_ id: Int, limit: Int) {
        entries[id] = Entry(limit: limit)
        roomy.append(id)
    }

    /// Takes a place on a connection; nil: there is none.
    mutating func take() -> Int? {
        while let id = roomy.last {
            if var entry = entries[id], entry.taken < entry.limit {
                entry.taken += 1
                if entry.taken == entry.limit {
                    entry.isListed = false
                    roomy.removeLast()
                }
                entries[id] = entry
                return id
            }
            entries[id]?.isListed = false
            roomy.removeLast()
        }
        return nil
    }

    /// A stream has left the connection.
    mutating func giveBack(_ id: Int) {
        guard var entry = entries[id] else { return }
        entry.taken -= 1
        if !entry.isListed, entry.taken < entry.limit {
            entry.isListed = true
            roomy.append(id)
        }
        entries[id] = entry
    }

    /// The server allows so many, or none any more. Tells how many streams that have a place are too many.
    mutating func setLimit(_ limit: Int, of id: Int) -> Int {
        guard var entry = entries[id] else { return 0 }
        entry.limit = limit
        if !entry.isListed, entry.taken < limit {
            entry.isListed = true
            roomy.append(id)
        }
        entries[id] = entry
        return max(0, entry.taken - limit)
    }

    /// The connection is no more.
    mutating func remove(_ id: Int) {
        entries[id] = nil
    }
}
