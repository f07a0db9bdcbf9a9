// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// The driver of an open load: what is planned is due at its time, and waits only where the plan bounds the streams.
struct OpenLoop: Sendable {
    private let times: [Nanoseconds]
    private let share: (index: Int, count: Int)
    private let seed: UInt64
    /// Requests before this one are the warm-up's.
    private let measuredFrom: Int
    /// None from this one on.
    private let end: Int
    /// Nothing that has waited for a place begins from then on; nil: no such time.
    let endsAt: Nanoseconds?
    /// This share's, of each target; nil: no bound.
    private let capacities: [Int]?
    private var running: [Int]
    /// What is due and waits for a place, by target.
    private var waiting: [FIFO<Int>]
    /// The next request of this share that is not due yet.
    private var cursor: Int
    /// Without the warm-up: what became due, by target.
    private(set) var measuredCounts: [Int]

    init(_ plan: LoadPlan, _ schedule: ArrivalSchedule) {
        let targets = max(plan.targets.count, 1)
        let times = schedule.times
        self.times = times
        share = (plan.share.index, max(plan.share.count, 1))
        seed = plan.seed
        cursor = plan.share.index
        running = Array(repeating: 0, count: targets)
        waiting = Array(repeating: FIFO(), count: targets)
        measuredCounts = running
        capacities = plan.maxConcurrency.map { most in
            let split = PlaceSplit(places: most, shares: plan.share.count, targets: targets)
            return (0..<targets).map { max(split.count(share: plan.share.index, target: $0), 1) }
        }
        var start: Nanoseconds = 0
        switch plan.warmUp {
        case .requests(let count):
            measuredFrom = min(max(count, 0), times.count)
            if measuredFrom > 0 { start = measuredFrom < times.count ? times[measuredFrom] : times.last ?? 0 }
        case .time(let time):
            start = max(time, 0)
            measuredFrom = times.firstIndex(from: start)
        case nil: measuredFrom = 0
        }
        endsAt = plan.duration.map { start.saturatingAdd($0) }
        let left = times.count - measuredFrom
        let byTime = endsAt.map { times.firstIndex(from: $0) } ?? times.count
        let byCount = measuredFrom + (plan.requests.map { min(max($0, 0), left) } ?? left)
        end = min(byTime, byCount)
    }

    var places: Int? { capacities?.reduce(0, +) }

    mutating func next(at now: Nanoseconds) -> StartOrder? {
        let isOver = endsAt.map { now >= $0 } ?? false
        if !isOver, let waited = takeWaiting() { return waited }
        while cursor < end, times[cursor] <= now {
            let number = cursor
            cursor += share.count
            let target = target(of: number)
            if number >= measuredFrom { measuredCounts[target] += 1 }
            if hasPlace(target) { return begin(number, target) }
            if !isOver { waiting[target].append(number) }
        }
        return nil
    }

    mutating func ended(target: Int, at now: Nanoseconds) {
        guard running.indices.contains(target), running[target] > 0 else { return }
        running[target] -= 1
    }

    var wakesAt: Nanoseconds? { cursor < end ? times[cursor] : nil }

    func isExhausted(at now: Nanoseconds) -> Bool {
        guard cursor >= end else { return false }
        if let endsAt, now >= endsAt { return true }
        return waiting.allSatisfy(\.isEmpty)
    }

    /// The earliest that waits for a place and now has one.
    private mutating func takeWaiting() -> StartOrder? {
        var earliest: (target: Int, number: Int)?
        for target in waiting.indices where hasPlace(target) {
            guard let number = waiting[target].first, number < earliest?.number ?? .max else { continue }
            earliest = (target, number)
        }
        guard let (target, number) = earliest else { return nil }
        _ = waiting[target].popFirst()
        return begin(number, target)
    }

    private mutating func begin(_ number: Int, _ target: Int) -> StartOrder {
        running[target] += 1
        return StartOrder(
            number: number,
            target: target,
            planned: times[number],
            isWarmUp: number < measuredFrom
        )
    }

    private func hasPlace(_ target: Int) -> Bool {
        guard let capacities else { return true }
        return running[target] < capacities[target]
    }

    /// Two targets are asked in pairs, which of them first is drawn for each pair: so neither has the better moments, and
    /// each process knows without asking the others.
    private func target(of number: Int) -> Int {
        guard running.count > 1 else { return 0 }
        var generator = SeededGenerator(seed: seed ^ 0x7061_6972_7300_0000 &+ UInt64(number / 2))
        return (number + Int(generator.next() & 1)) % 2
    }
}

extension [Nanoseconds] {
    /// Of ascending times, the first that is not before `time`; the count where none is.
    func firstIndex(from time: Nanoseconds) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
