// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Upstream

struct HealthCheckTests {
    private var check: HealthCheck

    init() {
        var settings = HealthCheckSettings()
        settings.intervalMilliseconds = 10
        settings.failures = 3
        settings.successes = 2
        check = HealthCheck(settings, now: 5)
    }

    @Test
    mutating func `it asks at once, and an interval after each answer`() {
        #expect(check.nextTime == 5)
        _ = check.answered(isWell: true, now: 7)
        #expect(check.nextTime == 10_000_007)
    }

    @Test
    mutating func `only failures in a row count as down, and only once`() {
        #expect(changes(of: "..--.---.-") == [nil, nil, nil, nil, nil, nil, nil, false, nil, nil])
    }

    @Test
    mutating func `only successes in a row count as up again`() {
        #expect(changes(of: "---.-..-") == [nil, nil, false, nil, nil, nil, true, nil])
    }

    @Test
    func `an interval of nothing asks no more than a thousand times a second`() {
        var settings = HealthCheckSettings()
        settings.intervalMilliseconds = -1
        var check = HealthCheck(settings, now: 0)
        _ = check.answered(isWell: true, now: 0)
        #expect(check.nextTime == 1_000_000)
    }

    /// A point is an answer, a dash is none.
    private mutating func changes(of answers: String) -> [Bool?] {
        answers.map { check.answered(isWell: $0 == ".", now: 0) }
    }
}
