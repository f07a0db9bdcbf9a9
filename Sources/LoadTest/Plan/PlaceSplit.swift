// SPDX-License-Identifier: Apache-2.0

/// Who has which of a run's places: each share and each target as many as the others, or one more.
///
/// Place s is of share s modulo ``shares``; within a share the targets take turns, and each share begins with another one,
/// so that no target gains by what is left over.
struct PlaceSplit: Equatable, Sendable {
    /// Of all shares; at least one for each target.
    let places: Int
    let shares: Int
    let targets: Int

    init(places: Int, shares: Int, targets: Int) {
        self.shares = max(shares, 1)
        self.targets = max(targets, 1)
        self.places = max(places, self.targets)
    }

    func count(share: Int) -> Int {
        places > share ? (places - share - 1) / shares + 1 : 0
    }

    func count(share: Int, target: Int) -> Int {
        let first = offset(share: share, target: target)
        let count = count(share: share)
        return count > first ? (count - first - 1) / targets + 1 : 0
    }

    /// The number, among all places, of a share's `index`-th place of a target.
    func place(_ index: Int, share: Int, target: Int) -> Int {
        (offset(share: share, target: target) + index * targets) * shares + share
    }

    /// The part of `total` requests that a share makes of a target: what all shares make adds up to `total`, and the
    /// targets have the same count, or the first of them one more.
    func quota(of total: Int, share: Int, target: Int) -> Int {
        guard count(share: share, target: target) > 0 else { return 0 }
        let sharing = (0..<shares).filter { count(share: $0, target: target) > 0 }
        let rank = sharing.firstIndex(of: share) ?? 0
        return Self.part(rank, of: sharing.count, total: Self.part(target, of: targets, total: total))
    }

    /// How many of 0..<total leave `index` modulo `count`.
    private static func part(_ index: Int, of count: Int, total: Int) -> Int {
        total > index ? (total - index - 1) / count + 1 : 0
    }

    private func offset(share: Int, target: Int) -> Int {
        ((target - share) % targets + targets) % targets
    }
}
