// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct TargetComparisonTests {
    @Test func `targets that are the same are not told apart`() {
        let target = MadeUpReport.target(streams: 1200, firstToken: 100, gap: 20)
        let differences = TargetComparison(target, target).differences
        #expect(!differences.isEmpty)
        #expect(differences.allSatisfy { $0.value == 0 && !$0.isDistinguishable })
    }

    @Test func `a target that is slower by more than chance is found`() {
        let (a, b) = (
            MadeUpReport.target(streams: 1200, firstToken: 100, gap: 20),
            MadeUpReport.target(streams: 1200, firstToken: 120, gap: 20)
        )
        let median = TargetComparison(a, b).differences.first {
            $0.metric == .firstToken && $0.statistic == .percentile(0.5)
        }
        #expect(median?.isDistinguishable == true)
        #expect(median?.favoursB == false)
    }

    /// 95 % by construction; 300 trials may stray by about 2.5 %.
    @Test(arguments: [Statistic.mean, .percentile(0.5), .percentile(0.9)])
    func `the interval holds the true difference 19 times in 20`(statistic: Statistic) {
        var dice = Dice(seed: 5)
        var hits = 0
        for _ in 0..<300 {
            let (a, b) = (target(from: 1100, &dice), target(from: 1130, &dice))
            guard let one = Estimate(statistic, of: .endToEnd, in: a),
                let other = Estimate(statistic, of: .endToEnd, in: b)
            else { continue }
            if other.difference(from: one).contains(30e6) { hits += 1 }
        }
        #expect((274...300).contains(hits))
    }

    @Test func `gaps of one stream count as one sample`() {
        var target = TargetRecord()
        for gap in 0..<1000 { target[.gap].record(Nanoseconds(gap) * .millisecond) }
        target.streamsWithContent = 1
        #expect(Estimate(.mean, of: .gap, in: target) == nil)
        target.streamsWithContent = 100
        let few = Estimate(.mean, of: .gap, in: target)
        target.streamsWithContent = 1000
        let many = Estimate(.mean, of: .gap, in: target)
        guard let few, let many else {
            Issue.record("no estimate")
            return
        }
        #expect(few.bounds.upperBound > many.bounds.upperBound)
    }

    private func target(from least: Int, _ dice: inout Dice) -> TargetRecord {
        var target = TargetRecord()
        for _ in 0..<400 {
            target[.endToEnd].record(Nanoseconds(Int.random(in: least...least + 200, using: &dice)) * .millisecond)
        }
        return target
    }
}
