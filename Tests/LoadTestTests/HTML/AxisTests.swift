// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

struct AxisTests {
    private func labels(_ axis: Axis) -> [String] { axis.ticks.map(\.label) }

    @Test func `a linear axis goes in round steps to the next round number`() {
        #expect(labels(.linear(to: 812, unit: "ms")) == ["0", "200", "400", "600", "800", "1,000"])
        #expect(labels(.linear(to: 0.9, unit: "ms")) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(Axis.linear(to: 1_000, unit: "ms").high == 1_000)
    }

    @Test func `what is counted has no half steps`() {
        #expect(labels(.linear(to: 2, unit: "failed", isWhole: true)) == ["0", "1", "2"])
    }

    @Test func `a logarithmic axis names powers of ten and what is between them where they are few`() {
        let axis = Axis.logarithmic(from: 12, to: 1_049, unit: "ms")
        #expect(labels(axis) == ["10", "20", "50", "100", "200", "500", "1,000", "2,000"])
        #expect(axis.ticks.filter { !$0.isMinor }.map(\.label) == ["10", "100", "1,000"])
        #expect(
            labels(.logarithmic(from: 0.01, to: 9_000, unit: "ms")) == [
                "0.01", "0.1", "1", "10", "100", "1,000", "10,000",
            ]
        )
    }

    @Test func `each nine has as much room as the one before, and none that samples cannot tell`() {
        let axis = Axis.nines(samples: 1_000_000)
        #expect(labels(axis) == ["0", "50", "90", "99", "99.9", "99.99"])
        let places = [0.9, 0.99, 0.999, 0.9999].map(axis.position)
        for (place, expected) in zip(places, [0.25, 0.5, 0.75, 1]) { #expect(abs(place - expected) < 1e-6) }
        #expect(labels(.nines(samples: 200)) == ["0", "50", "90", "99"])
        #expect(labels(.nines(samples: 1)) == ["0", "50", "90"])
    }

    @Test func `time is told in what suits its length, and ends with the run`() {
        #expect(Axis.time(to: 1.5, since: "x").unit == "ms since x")
        #expect(Axis.time(to: 33, since: "x").unit == "s since x")
        #expect(Axis.time(to: 33, since: "x").high == 33)
        #expect(Axis.time(to: 600, since: "x").unit == "min since x")
        #expect(Axis.time(to: 600, since: "x").ticks.last?.value == 600)
        #expect(Axis.time(to: 90_000, since: "x").unit == "h since x")
    }

    @Test func `waits far above the usual one get a logarithmic axis`() {
        #expect(Axis.latency(typical: 180, least: 60, most: 600).scale == .linear)
        #expect(Axis.latency(typical: 20, least: 10, most: 600).scale == .logarithmic)
        #expect(Axis.latency(typical: 0, least: 0, most: 600).scale == .linear)
    }

    @Test func `whatever the values, there is an axis, its ticks ascend, and all is within it`() {
        var dice = Dice(seed: 21)
        let odd = [0, -1, 1e-300, 1e300, .infinity, -.infinity, .nan, .greatestFiniteMagnitude]
        for _ in 0..<500 {
            func any() -> Double {
                Bool.random(using: &dice)
                    ? odd[Int.random(in: 0..<odd.count, using: &dice)] : .random(in: -10...1e6, using: &dice)
            }
            let axes = [
                Axis.linear(to: any(), unit: ""), .logarithmic(from: any(), to: any(), unit: ""),
                .time(to: any(), since: ""),
                .nines(samples: .random(in: (.min)...(.max), using: &dice)),
                .latency(typical: any(), least: any(), most: any()),
            ]
            for axis in axes {
                #expect(axis.low < axis.high)
                #expect(axis.ticks.count <= 40)
                #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0.value < $1.value })
                for _ in 0..<5 { #expect((0...1).contains(axis.position(any()))) }
            }
        }
    }
}
