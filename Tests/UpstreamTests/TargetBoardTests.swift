// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Upstream

struct TargetBoardTests {
    private let board = TargetBoard()
    private let second: Int64 = 1_000_000_000

    @Test
    func `weights are held`() {
        let targets = [Self.target("a", weight: 6), Self.target("b", weight: 3), Self.target("c", weight: 1)]
        var counts = [0, 0, 0, 0]
        for seed in 0..<10_000 { counts[choose(targets, seed: UInt64(seed)) ?? 3] += 1 }
        #expect((5_800...6_200).contains(counts[0]))
        #expect((2_800...3_200).contains(counts[1]))
        #expect((850...1_150).contains(counts[2]))
        #expect(counts[3] == 0)
    }

    @Test(arguments: CallPolicy.Balance.allCases)
    func `the same seed chooses the same target`(balance: CallPolicy.Balance) {
        let targets = (0..<9).map { Self.target("t\($0)", weight: $0) }
        for seed in 0..<50 {
            let choices = (0..<2).map { _ in
                TargetBoard().choose(among: targets, balance: balance, excluding: [], seed: UInt64(seed), now: 0)
            }
            #expect(choices[0] != nil && choices[0] == choices[1])
        }
    }

    @Test(arguments: CallPolicy.Balance.allCases)
    func `a target of weight 0 is asked only where nothing else is left`(balance: CallPolicy.Balance) {
        let targets = [Self.target("a", weight: 0), Self.target("b"), Self.target("c", priority: 1)]
        for seed in 0..<50 {
            #expect(choose(targets, balance, seed: UInt64(seed)) == 1)
            #expect(choose(targets, balance, excluding: [1], seed: UInt64(seed)) == 0)
        }
    }

    @Test
    func `a higher number of priority is asked only where none of a lower one is left`() {
        let targets = [Self.target("a", priority: 2), Self.target("b", priority: 1), Self.target("c", priority: 1)]
        for seed in 0..<20 { #expect(choose(targets, seed: UInt64(seed)) != 0) }
        board.setHealthy(false, endpoint: "b")
        #expect(choose(targets, excluding: [2]) == 0)
        #expect(choose(targets, excluding: [0, 2]) == nil)
        board.setHealthy(true, endpoint: "b")
        #expect(choose(targets, excluding: [0, 2]) == 1)
        #expect(choose([]) == nil)
    }

    @Test
    func `a target that fails again and again is left alone, then probed by one`() {
        let targets = [Self.target("a"), Self.target("b", priority: 1)]
        for _ in 0..<5 {
            #expect(choose(targets) == 0)
            end(targets[0], .failed, now: 0)
        }
        #expect(choose(targets) == 1)
        #expect(choose(targets, now: 10 * second) == 0)
        #expect(choose(targets, now: 10 * second) == 1)
        end(targets[0], .abandoned, now: 10 * second)
        #expect(choose(targets, now: 10 * second) == 0)
        end(targets[0], .succeeded, now: 10 * second)
        for _ in 0..<3 { #expect(choose(targets, now: 10 * second) == 0) }
    }

    @Test
    func `what began before a target was left alone does not end its probe`() {
        let targets = [Self.target("a"), Self.target("b", priority: 1)]
        for _ in 0..<7 { #expect(choose(targets) == 0) }
        for request in 1...5 { end(targets[0], request: request, .failed, now: 0) }
        let probe = board.choose(among: targets, balance: .weighted, excluding: [], seed: 1, now: 10 * second)
        #expect(probe == TargetBoard.Chosen(target: 0, request: 8))
        end(targets[0], request: 6, .failed, now: 10 * second)
        end(targets[0], request: 7, .succeeded, now: 10 * second)
        #expect(choose(targets, now: 10 * second) == 1)
        end(targets[0], request: 8, .succeeded, now: 10 * second)
        #expect(choose(targets, now: 10 * second) == 0)
    }

    @Test
    func `other models of the endpoint, the mock, and a target without breaker are not taken out`() {
        var open = UpstreamEndpoint(name: "open", url: "http://localhost")
        open.breaker = nil
        let targets = [CallTarget(endpoint: nil, model: "m"), CallTarget(endpoint: open, model: "m")]
        for target in targets + [Self.target("a")] {
            for _ in 0..<9 {
                _ = choose([target])
                end(target, .failed, now: 0)
            }
        }
        #expect(choose([Self.target("a")]) == nil)
        #expect(choose([Self.target("a", model: "other")]) == 0)
        for target in targets { #expect(choose([target]) == 0) }
    }

    @Test
    func `other settings of the breaker begin anew`() {
        var target = Self.target("a")
        for _ in 0..<5 {
            _ = choose([target])
            end(target, .failed, now: 0)
        }
        #expect(choose([target]) == nil)
        target.endpoint?.breaker?.failures = 1
        #expect(choose([target]) == 0)
        end(target, .failed, now: 0)
        #expect(choose([target]) == nil)
    }

    @Test
    func `the least busy for its weight is asked`() {
        let targets = [Self.target("a", weight: 3), Self.target("b", weight: 1)]
        var counts = [0, 0]
        for seed in 0..<400 {
            counts[choose(targets, .leastInFlight, seed: UInt64(seed)) ?? 0] += 1
        }
        #expect(counts == [300, 100])
        for _ in 0..<30 { end(targets[0], .succeeded, now: 0) }
        for _ in 0..<30 { #expect(choose(targets, .leastInFlight) == 0) }
    }

    @Test
    func `the faster of two is asked until it is that much busier`() {
        let targets = [Self.target("slow"), Self.target("fast")]
        for (target, milliseconds) in zip(targets, [900, 300]) {
            _ = choose([target])
            board.firstToken(target, 1, after: Int64(milliseconds) * 1_000_000, now: 0)
            end(target, .succeeded, now: 0)
        }
        var counts = [0, 0]
        for seed in 0..<400 { counts[choose(targets, .fastest, seed: UInt64(seed)) ?? 0] += 1 }
        #expect((99...101).contains(counts[0]))
    }

    @Test
    func `a target that is new does not get every request before its first token`() {
        let targets = [Self.target("known"), Self.target("new")]
        _ = choose([targets[0]])
        board.firstToken(targets[0], 1, after: second, now: 0)
        end(targets[0], .succeeded, now: 0)
        var counts = [0, 0]
        for seed in 0..<110 { counts[choose(targets, .fastest, seed: UInt64(seed)) ?? 0] += 1 }
        #expect((9...11).contains(counts[0]))
    }

    @Test
    func `a hedge waits for the percentile of the target's own times, and never less than the least`() {
        let target = Self.target("a")
        let settings = HedgeSettings()
        #expect(board.hedgeDelay(for: target, settings) == second)
        _ = choose([target])
        for tenth in 1...20 { board.firstToken(target, 1, after: Int64(tenth) * second / 10, now: 0) }
        #expect(board.hedgeDelay(for: target, settings) == 19 * second / 10)
        var early = settings
        early.percentile = 10
        #expect(board.hedgeDelay(for: target, early) == second)
    }

    @Test
    func `a report says how each target does`() {
        let targets = [Self.target("b"), Self.target("a"), CallTarget(endpoint: nil, model: "m")]
        for target in targets { _ = choose([target]) }
        board.firstToken(targets[0], 1, after: 2_500_000, now: 0)
        end(targets[0], .failed, now: 0)
        board.setHealthy(false, endpoint: "a")
        let reports = board.reports(now: 0)
        #expect(reports.map(\.endpoint) == ["a", "b"])
        #expect(reports.map(\.model) == ["m", "m"])
        #expect(reports.map(\.breaker) == ["closed", "closed"])
        #expect(reports.map(\.inFlight) == [1, 0])
        #expect(reports.map(\.isHealthy) == [false, true])
        #expect(reports.map(\.firstTokenMilliseconds) == [nil, 2.5])
        #expect(reports.map(\.requests) == [1, 1])
        #expect(reports.map(\.failures) == [0, 1])
    }

    @Test
    func `a flood of names is forgotten, what is under way or was used of late is not`() {
        let busy = Self.target("busy")
        _ = choose([busy])
        for number in 1...10_000 {
            let target = Self.target("a", model: "m\(number)")
            _ = choose([target], now: Int64(number))
            end(target, request: 1, .succeeded, now: Int64(number))
        }
        let reports = board.reports(now: 0)
        #expect((2_000...4_096).contains(reports.count))
        #expect(reports.last?.endpoint == "busy" && reports.last?.inFlight == 1)
        #expect(reports.contains { $0.model == "m10000" } && !reports.contains { $0.model == "m1" })
        // What is not known can end and speak all the same.
        end(Self.target("a", model: "m1"), .failed, now: 0)
        board.firstToken(Self.target("a", model: "m1"), 1, after: 1, now: 0)
    }

    private func choose(
        _ targets: [CallTarget],
        _ balance: CallPolicy.Balance = .weighted,
        excluding: Set<Int> = [],
        seed: UInt64 = 1,
        now: Int64 = 0
    ) -> Int? {
        board.choose(among: targets, balance: balance, excluding: excluding, seed: seed, now: now)?.target
    }

    /// - Parameter request: The last one where it is not told.
    private func end(_ target: CallTarget, request: Int? = nil, _ outcome: TargetBoard.Outcome, now: Int64) {
        board.ended(target, request ?? lastRequest(to: target), outcome, now: now)
    }

    private func lastRequest(to target: CallTarget) -> Int {
        let reports = board.reports(now: 0).filter { $0.endpoint == target.endpoint?.name && $0.model == target.model }
        return reports.first?.requests ?? 0
    }

    private static func target(_ name: String, model: String = "m", weight: Int = 1, priority: Int = 0) -> CallTarget {
        let endpoint = UpstreamEndpoint(name: name, url: "http://localhost")
        return CallTarget(endpoint: endpoint, model: model, weight: weight, priority: priority)
    }
}
