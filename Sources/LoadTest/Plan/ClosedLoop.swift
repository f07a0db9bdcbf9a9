// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// The driver of a closed load: each place asks again when it has its answer.
struct ClosedLoop: Sendable {
    /// One target's places that are free, and what is left to ask.
    private struct Lane: Sendable {
        /// Places that have not begun yet.
        var untouched: Range<Int>
        /// When the others became free: ascending.
        var freed = FIFO<Nanoseconds>()
        var warmUpsLeft: Int
        /// Nil: as many as the time allows.
        var requestsLeft: Int?
        var begun = 0
        /// Without the warm-up.
        var measured = 0
    }

    private let split: PlaceSplit
    private let share: (index: Int, count: Int)
    private let ramp: Nanoseconds
    private let warmUpTime: Nanoseconds
    private let duration: Nanoseconds?
    private var lanes: [Lane]
    private var begun = 0
    /// Where the measured part begins, once it is known.
    private var measuredFrom: Nanoseconds?

    init(_ plan: LoadPlan, concurrency: Int, ramp: Nanoseconds) {
        let targets = max(plan.targets.count, 1)
        let split = PlaceSplit(places: concurrency, shares: plan.share.count, targets: targets)
        self.split = split
        self.ramp = max(ramp, 0)
        share = plan.share
        duration = plan.duration
        var warmUps = 0
        switch plan.warmUp {
        case .requests(let count): (warmUps, warmUpTime) = (max(count, 0), 0)
        case .time(let time): warmUpTime = max(time, 0)
        case nil: warmUpTime = 0
        }
        measuredFrom = warmUps > 0 ? nil : warmUpTime
        lanes = (0..<targets).map { target in
            Lane(
                untouched: 0..<split.count(share: plan.share.index, target: target),
                warmUpsLeft: split.quota(of: warmUps, share: plan.share.index, target: target),
                requestsLeft: plan.requests.map {
                    split.quota(of: max($0, 0), share: plan.share.index, target: target)
                }
            )
        }
        // A share that has no part in the warm-up measures from the start.
        if lanes.allSatisfy({ $0.warmUpsLeft == 0 }) { measuredFrom = warmUpTime }
    }

    /// Nothing begins from then on; nil: not yet known, or never.
    var endsAt: Nanoseconds? {
        guard let duration, let measuredFrom else { return nil }
        return measuredFrom.saturatingAdd(duration)
    }

    var places: Int { split.count(share: share.index) }

    var measuredCounts: [Int] { lanes.map(\.measured) }

    mutating func next(at now: Nanoseconds) -> StartOrder? {
        guard let (target, planned) = candidate(), planned <= now else { return nil }
        let isWarmUp = takeOne(of: target, planned: planned)
        if !isWarmUp {
            lanes[target].measured += 1
            if measuredFrom == nil { measuredFrom = planned }
        }
        lanes[target].begun += 1
        defer { begun += 1 }
        return StartOrder(
            number: begun * max(share.count, 1) + share.index,
            target: target,
            planned: planned,
            isWarmUp: isWarmUp
        )
    }

    mutating func ended(target: Int, at now: Nanoseconds) {
        guard lanes.indices.contains(target) else { return }
        lanes[target].freed.append(now)
    }

    /// The start of the next place that has not begun, unless one that is free comes first.
    var wakesAt: Nanoseconds? { candidate()?.planned }

    func isExhausted(at now: Nanoseconds) -> Bool {
        if lanes.indices.allSatisfy({ !hasWork($0) }) { return true }
        guard let endsAt, now >= endsAt else { return false }
        return candidate() == nil
    }

    /// The place that begins next, whenever that is: the earliest, and of two, that of the target that has begun less.
    private func candidate() -> (target: Int, planned: Nanoseconds)? {
        var best: (target: Int, planned: Nanoseconds)?
        for target in lanes.indices where hasWork(target) {
            guard let planned = firstFree(target) else { continue }
            if let endsAt, planned >= endsAt { continue }
            if let best, (best.planned, lanes[best.target].begun) <= (planned, lanes[target].begun) { continue }
            best = (target, planned)
        }
        return best
    }

    private func hasWork(_ target: Int) -> Bool {
        let lane = lanes[target]
        guard split.count(share: share.index, target: target) > 0 else { return false }
        return lane.warmUpsLeft > 0 || lane.requestsLeft != 0
    }

    private func firstFree(_ target: Int) -> Nanoseconds? {
        let lane = lanes[target]
        let beginning = lane.untouched.isEmpty ? nil : start(of: lane.untouched.lowerBound, target)
        guard let freed = lane.freed.first else { return beginning }
        return beginning.map { min($0, freed) } ?? freed
    }

    private func start(of index: Int, _ target: Int) -> Nanoseconds {
        let place = split.place(index, share: share.index, target: target)
        return Nanoseconds(Int128(ramp) * Int128(place) / Int128(split.places))
    }

    /// Takes the place that is free at `planned`, and what it asks. Returns whether that is of the warm-up.
    private mutating func takeOne(of target: Int, planned: Nanoseconds) -> Bool {
        if lanes[target].freed.first == planned {
            _ = lanes[target].freed.popFirst()
        } else {
            lanes[target].untouched.removeFirst()
        }
        if lanes[target].warmUpsLeft > 0 {
            lanes[target].warmUpsLeft -= 1
            return true
        }
        if planned < warmUpTime { return true }
        lanes[target].requestsLeft? -= 1
        return false
    }
}
