// SPDX-License-Identifier: Apache-2.0

import Typewriter

@testable import LoadTest

extension LoadPlan {
    /// A plan whose targets are nobody.
    static func test(targets: Int = 1, _ arrivals: Arrivals, _ change: (inout LoadPlan) -> Void = { _ in }) -> LoadPlan
    {
        let target = Target(url: "http://h/", host: "h", port: 80, path: "/")
        var plan = LoadPlan(targets: Array(repeating: target, count: targets), arrivals: arrivals)
        change(&plan)
        return plan
    }

    static func open(
        _ times: [Nanoseconds],
        targets: Int = 1,
        _ change: (inout LoadPlan) -> Void = { _ in }
    ) -> LoadPlan {
        test(targets: targets, .open(ArrivalSchedule(times: times, summary: "")), change)
    }
}
