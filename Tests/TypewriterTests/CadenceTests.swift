// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct CadenceTests {
    private static let meanGap = 25e6
    private static let distributions: [Cadence.Shape] = [.uniform, .normal, .lognormal, .gamma]
    private static let table = Cadence.Shape.percentiles([
        .init(share: 0, milliseconds: 10), .init(share: 0.5, milliseconds: 20), .init(share: 0.9, milliseconds: 40),
        .init(share: 1, milliseconds: 200),
    ])

    @Test(arguments: distributions, [0.1, 0.5, 1])
    func `gaps have the mean of the rate and the deviation of the jitter`(shape: Cadence.Shape, jitter: Double) {
        let gaps = Moments(Self.gaps(shape, jitter: jitter))
        #expect(abs(gaps.mean / Self.meanGap - 1) < 0.02)
        #expect(abs(gaps.deviation / gaps.mean / jitter - 1) < 0.05)
    }

    @Test(arguments: [0.0, 1])
    func `exponential gaps are as wide as their mean whatever the jitter, and never negative`(jitter: Double) {
        let gaps = Moments(Self.gaps(.exponential, jitter: jitter))
        #expect(abs(gaps.mean / Self.meanGap - 1) < 0.02)
        #expect(abs(gaps.deviation / gaps.mean - 1) < 0.03)
        #expect(gaps.least >= 0)
    }

    @Test(arguments: [Cadence.Shape.lognormal, .gamma])
    func `a skewed distribution has no negative gap, and a long tail`(shape: Cadence.Shape) {
        let gaps = Moments(Self.gaps(shape, jitter: 1))
        #expect(gaps.least >= 0)
        #expect(gaps.greatest > 6 * Self.meanGap)
    }

    @Test
    func `constant gaps are all the same`() {
        #expect(Set(Self.gaps(.constant, jitter: 0, count: 100)) == [Self.meanGap])
    }

    @Test(arguments: distributions)
    func `without jitter every gap is the mean`(shape: Cadence.Shape) {
        #expect(Set(Self.gaps(shape, jitter: 0, count: 100)) == [Self.meanGap])
    }

    @Test(arguments: distributions, [1e-9, 1e-100])
    func `a jitter that no clock can show is no trouble`(shape: Cadence.Shape, jitter: Double) {
        let gaps = Moments(Self.gaps(shape, jitter: jitter, count: 1_000))
        #expect(abs(gaps.least - Self.meanGap) <= 1 && abs(gaps.greatest - Self.meanGap) <= 1)
    }

    @Test(arguments: distributions + [.constant, .exponential])
    func `without a mean gap there are no gaps`(shape: Cadence.Shape) {
        var cadence = Cadence(shape: shape, meanGap: 0, jitter: 0.5, seed: 1)
        #expect((0..<100).allSatisfy { _ in cadence.nextGap() == 0 })
    }

    @Test(arguments: distributions + [.exponential, table])
    func `the same seed gives the same gaps, another seed others`(shape: Cadence.Shape) {
        let gaps = Self.gaps(shape, jitter: 0.7, count: 200, seed: 9)
        #expect(gaps == Self.gaps(shape, jitter: 0.7, count: 200, seed: 9))
        #expect(gaps != Self.gaps(shape, jitter: 0.7, count: 200, seed: 10))
    }

    @Test
    func `a copy goes on with the same gaps`() {
        var cadence = Cadence(shape: .gamma, meanGap: Self.meanGap, jitter: 0.5, seed: 3)
        for _ in 0..<17 { _ = cadence.nextGap() }
        var copy = cadence
        #expect((0..<100).allSatisfy { _ in cadence.nextGap() == copy.nextGap() })
        #expect(cadence == copy)
    }

    @Test
    func `a table's gaps have its percentiles`() {
        let gaps = Self.gaps(Self.table, meanGap: nil, jitter: 0).sorted()
        for (share, milliseconds) in [(0.25, 15.0), (0.5, 20), (0.7, 30), (0.9, 40), (0.95, 120)] {
            let gap = gaps[Int(share * Double(gaps.count))] / 1e6
            #expect(abs(gap / milliseconds - 1) < 0.03, "\(share): \(gap)")
        }
        #expect((10e6...200e6).contains(gaps[0]))
        #expect(gaps.allSatisfy { $0 <= 200e6 })
    }

    @Test
    func `a table that begins late and ends early keeps to its outermost gaps`() {
        let shape = Cadence.Shape.percentiles([
            .init(share: 0.5, milliseconds: 10), .init(share: 0.6, milliseconds: 30),
        ])
        let gaps = Self.gaps(shape, meanGap: nil, jitter: 0)
        #expect(abs(Double(gaps.count { $0 == 10e6 }) / Double(gaps.count) - 0.5) < 0.01)
        #expect(abs(Double(gaps.count { $0 == 30e6 }) / Double(gaps.count) - 0.4) < 0.01)
        #expect(abs(Moments(gaps).mean / 19e6 - 1) < 0.02)
        #expect(shape.ownMeanGap.map { abs($0 - 19e6) < 1 } ?? false)
    }

    @Test
    func `a rate stretches a table to its mean`() {
        let gaps = Moments(Self.gaps(Self.table, meanGap: Self.meanGap, jitter: 0))
        #expect(abs(gaps.mean / Self.meanGap - 1) < 0.02)
    }

    @Test
    func `a trace is played in order, again and again`() {
        let gaps = Self.gaps(.trace([5, 0, 12.5, 40]), meanGap: nil, jitter: 0, count: 9)
        #expect(gaps == [5e6, 0, 12.5e6, 40e6, 5e6, 0, 12.5e6, 40e6, 5e6])
    }

    @Test
    func `a rate stretches a trace to its mean`() {
        let gaps = Self.gaps(.trace([10, 30]), meanGap: 5e6, jitter: 0, count: 4)
        #expect(gaps == [2.5e6, 7.5e6, 2.5e6, 7.5e6])
    }

    @Test
    func `only a recorded cadence has a mean of its own`() {
        #expect(Self.distributions.allSatisfy { $0.ownMeanGap == nil })
        #expect(Cadence.Shape.trace([10, 30]).ownMeanGap == 20e6)
        #expect(Self.table.ownMeanGap.map { abs($0 - 31.5e6) < 1 } ?? false)
    }

    private static func gaps(
        _ shape: Cadence.Shape,
        meanGap: Double? = meanGap,
        jitter: Double,
        count: Int = 100_000,
        seed: UInt64 = 7
    ) -> [Double] {
        var cadence = Cadence(shape: shape, meanGap: meanGap, jitter: jitter, seed: seed)
        return (0..<count).map { _ in Double(cadence.nextGap()) }
    }
}
