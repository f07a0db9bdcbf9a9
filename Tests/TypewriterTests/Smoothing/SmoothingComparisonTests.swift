// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

#if canImport(Glibc)
import Glibc
#endif

struct SmoothingComparisonTests {
    @Test(arguments: Trace.all)
    func `no other policy is as good in all figures and better in one`(trace: Trace) {
        let own = SmoothingScore(SmoothingPolicy.typewriter.show(trace), of: trace)
        for policy in [SmoothingPolicy.fixedDelay, .tick] {
            let other = SmoothingScore(policy.show(trace), of: trace)
            #expect(!other.dominates(own), "\(policy.rawValue): \(other.cells), own: \(own.cells)")
        }
    }

    @Test(arguments: Trace.all)
    func `smoothing stalls no more often than the upstream`(trace: Trace) {
        let own = SmoothingScore(SmoothingPolicy.typewriter.show(trace), of: trace)
        #expect(own.stalls <= SmoothingScore(SmoothingPolicy.none.show(trace), of: trace).stalls)
        #expect(own.endLag <= 250 + Double(Smoother.frame / .millisecond))
    }

    @Test(.enabled(if: getenv("TYPEBAR_PRINT_TABLE") != nil))
    func `the table for the README is printed`() {
        var table = "| trace | policy | lag p50, ms | p99 | at end | stalls > 300 ms | CV of gaps |\n"
        table += "|---|---|---:|---:|---:|---:|---:|\n"
        for trace in Trace.all {
            for policy in SmoothingPolicy.allCases {
                let score = SmoothingScore(policy.show(trace), of: trace)
                table += "| \(trace) | \(policy.rawValue) | \(score.cells) |\n"
            }
        }
        print(table)
    }
}
