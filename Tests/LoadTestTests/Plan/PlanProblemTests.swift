// SPDX-License-Identifier: Apache-2.0

import LoadTest
import Testing

struct PlanProblemTests {
    @Test func `what is wrong with an option's value names the option`() throws {
        #expect(throws: PlanProblem("--drain: 'x' is no time", example: "300ms, 10s, 2m, 1h")) {
            try PlanProblem.of("--drain", try DurationText.nanoseconds("x"))
        }
        #expect(try PlanProblem.of("--drain", try DurationText.nanoseconds("1s")) == 1_000_000_000)
    }

    @Test func `a warm-up of more requests than can be added up is refused`() throws {
        #expect(throws: PlanProblem.self) { try LoadPlan.WarmUp(String(Int.max)) }
        #expect(try LoadPlan.WarmUp("1000000000000") == .requests(1_000_000_000_000))
    }
}
