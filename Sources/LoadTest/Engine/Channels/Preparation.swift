// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// How far the connections before a run have come.
struct Preparation {
    /// Of connections made before the run: so many at once, since each handshake costs both sides a millisecond or so.
    static let mostAtOnce = 32
    /// So many fail, and the rest is left to the requests, which will tell why.
    static let mostFailed = 10
    /// Between two looks at it.
    static let period = Nanoseconds.millisecond

    let began: Nanoseconds
    /// The first connections to each target that are on their way: they find out whether what is asked for can be had.
    var trials: Set<Int> = []
    /// How many connections follow them, of each target; nil: not known yet.
    var wanted: [Int]?
    /// Those that are on their way: their numbers.
    var opening: Set<Int> = []
    var failed = 0
    /// A server does not speak what was asked for: there will be no run.
    var failure: LoadFailure?
    var isOver = false

    init(began: Nanoseconds) { self.began = began }

    /// The target of the next connection to make, in turn; nil: there is none, or not now.
    mutating func next() -> Int? {
        guard opening.count < Self.mostAtOnce, let wanted else { return nil }
        guard let target = wanted.indices.max(by: { wanted[$0] < wanted[$1] }), wanted[target] > 0 else { return nil }
        self.wanted?[target] -= 1
        return target
    }

    var isDone: Bool { wanted?.allSatisfy { $0 <= 0 } ?? false && opening.isEmpty }
}
