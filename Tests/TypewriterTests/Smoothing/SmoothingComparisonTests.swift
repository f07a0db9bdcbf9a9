// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

#if canImport(Glibc)
import Glibc
#endif

struct SmoothingComparisonTests {
    private static let seeds: Range<UInt64> = 2_000..<2_010

    @Test(arguments: Trace.seeded + Trace.recorded)
    func `no other policy is as good in all figures and better in one`(trace: Trace) {
        #expect(!trace.deltas.isEmpty)
        Self.compare(trace)
    }

    @Test(arguments: Rhythm.allCases)
    func `no other policy is as good in all figures, whatever is drawn`(rhythm: Rhythm) {
        for seed in Self.seeds { Self.compare(rhythm.trace(seed: seed)) }
    }

    private static func compare(_ trace: Trace) {
        let own = SmoothingScore(SmoothingPolicy.typewriter.show(trace), of: trace)
        for policy in [SmoothingPolicy.fixedDelay, .tick] {
            let other = SmoothingScore(policy.show(trace), of: trace)
            #expect(!other.dominates(own), "\(policy.rawValue): \(other.cells), own: \(own.cells)")
        }
        // It stalls no more often than the upstream, and ends soon after it.
        #expect(own.stalls <= SmoothingScore(SmoothingPolicy.none.show(trace), of: trace).stalls)
        #expect(own.endLag <= 250 + Double(Smoother.frame / .millisecond))
    }

    @Test(.enabled(if: getenv("TYPEBAR_PRINT_TABLE") != nil))
    func `the table for the README is printed`() {
        var table = "| trace | policy | lag p50, ms | p99 | at end | stalls > 300 ms | CV of gaps |\n"
        table += "|---|---|---:|---:|---:|---:|---:|\n"
        let drawn = Rhythm.allCases.map { rhythm in Self.seeds.map { rhythm.trace(seed: $0) } }
        for traces in (Trace.seeded + Trace.recorded).map({ [$0] }) + drawn {
            for policy in SmoothingPolicy.allCases {
                let score = SmoothingScore(meanOf: traces.map { SmoothingScore(policy.show($0), of: $0) })
                table += "| \(traces[0]) | \(policy.rawValue) | \(score.cells) |\n"
            }
        }
        print(table)
    }
}
