// SPDX-License-Identifier: Apache-2.0

/// How often each of a few things happened. For what happens once a stream or less: each count is a look-up.
public struct Tally<Key: Hashable & Sendable>: Equatable, Sendable {
    private var counts: [Key: Int] = [:]

    public init() {}

    /// Zero for what never happened.
    public subscript(key: Key) -> Int {
        counts[key] ?? 0
    }

    public var keys: Dictionary<Key, Int>.Keys {
        counts.keys
    }

    public var total: Int {
        counts.values.reduce(0, +)
    }

    mutating func add(_ key: Key, _ amount: Int = 1) {
        counts[key, default: 0] += amount
    }

    mutating func merge(_ other: Tally) {
        counts.merge(other.counts, uniquingKeysWith: +)
    }
}
