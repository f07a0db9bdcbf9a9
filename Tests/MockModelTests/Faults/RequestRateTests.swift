// SPDX-License-Identifier: Apache-2.0

import MockModel
import Testing
import Typewriter

struct RequestRateTests {
    @Test func `so many requests a minute are admitted, and then again`() {
        var rate = RequestRate()
        for index in 0..<3 {
            let answer = rate.admit(key: "a", limit: 3, now: Nanoseconds(index) * .second)
            #expect(answer.isAdmitted)
            #expect(answer.remaining == 2 - index)
            #expect(answer.resetSeconds == Double(60 - index))
        }
        let refused = rate.admit(key: "a", limit: 3, now: 59 * .second)
        #expect(!refused.isAdmitted)
        #expect(refused.remaining == 0)
        #expect(refused.resetSeconds == 1)
        #expect(rate.admit(key: "a", limit: 3, now: 60 * .second).isAdmitted)
    }

    @Test func `keys are counted apart`() {
        var rate = RequestRate()
        #expect(rate.admit(key: "a", limit: 1, now: 0).isAdmitted)
        #expect(rate.admit(key: "b", limit: 1, now: 0).isAdmitted)
        #expect(!rate.admit(key: "a", limit: 1, now: 0).isAdmitted)
    }

    @Test func `a limit of none admits none`() {
        var rate = RequestRate()
        #expect(!rate.admit(key: "a", limit: 0, now: 0).isAdmitted)
        #expect(!rate.admit(key: "a", limit: -1, now: .min).isAdmitted)
    }

    @Test func `beyond its capacity the keys that came first are forgotten`() {
        var rate = RequestRate(capacity: 10)
        for index in 0..<11 { #expect(rate.admit(key: "\(index)", limit: 1, now: Nanoseconds(index)).isAdmitted) }
        #expect(rate.admit(key: "0", limit: 1, now: 20).isAdmitted)
        #expect(!rate.admit(key: "10", limit: 1, now: 20).isAdmitted)
        #expect(!rate.admit(key: "9", limit: 1, now: 20).isAdmitted)
    }
}
