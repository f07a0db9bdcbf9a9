// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Upstream

struct CircuitBreakerTests {
    private static let open: Int64 = 10_000_000
    private var breaker: CircuitBreaker

    init() {
        breaker = Self.breaker(successes: 1)
    }

    @Test
    mutating func `it opens after failures in a row, and a success starts the row anew`() {
        fail(times: 2)
        breaker.succeeded(now: 0)
        fail(times: 2)
        #expect(breaker.state(now: 0) == .closed)
        fail(times: 1)
        #expect(breaker.state(now: 0) == .open)
        #expect(!breaker.admits(now: Self.open - 1))
    }

    @Test
    mutating func `a request that tells nothing changes nothing`() {
        fail(times: 2)
        breaker.gaveUp(now: 0)
        fail(times: 1)
        #expect(breaker.state(now: 0) == .open)
    }

    @Test
    mutating func `after its time it lets one probe through`() {
        fail(times: 3)
        #expect(breaker.state(now: Self.open) == .halfOpen)
        #expect(breaker.admits(now: Self.open))
        breaker.began(now: Self.open)
        #expect(!breaker.admits(now: Self.open + 1))
        breaker.succeeded(now: Self.open + 2)
        #expect(breaker.state(now: Self.open + 2) == .closed)
    }

    @Test
    mutating func `a probe's first token is enough, for the rest of its answer may take minutes`() {
        fail(times: 3)
        breaker.began(now: Self.open)
        breaker.answered(now: Self.open + 2)
        #expect(breaker.state(now: Self.open + 2) == .closed)
        #expect(breaker.admits(now: Self.open + 2))
    }

    @Test
    mutating func `first tokens of a closed breaker do not interrupt a row of failures`() {
        fail(times: 2)
        breaker.answered(now: 0)
        fail(times: 1)
        #expect(breaker.state(now: 0) == .open)
    }

    @Test
    mutating func `a probe that fails opens it for the whole time again`() {
        fail(times: 3)
        breaker.began(now: Self.open)
        breaker.failed(now: Self.open + 5)
        #expect(breaker.state(now: 2 * Self.open + 4) == .open)
        #expect(breaker.state(now: 2 * Self.open + 5) == .halfOpen)
    }

    @Test
    mutating func `a probe that is cancelled gives its place back`() {
        fail(times: 3)
        breaker.began(now: Self.open)
        breaker.gaveUp(now: Self.open + 1)
        #expect(breaker.state(now: Self.open + 1) == .halfOpen)
        #expect(breaker.admits(now: Self.open + 1))
    }

    @Test
    mutating func `it closes only after all the successes that it wants`() {
        breaker = Self.breaker(successes: 2)
        fail(times: 3)
        breaker.began(now: Self.open)
        breaker.succeeded(now: Self.open)
        #expect(breaker.state(now: Self.open) == .halfOpen)
        breaker.began(now: Self.open)
        breaker.succeeded(now: Self.open)
        #expect(breaker.state(now: Self.open) == .closed)
    }

    @Test
    mutating func `requests from before that end while it is open tell nothing`() {
        fail(times: 3)
        breaker.succeeded(now: 1)
        breaker.failed(now: 2)
        breaker.gaveUp(now: 3)
        #expect(breaker.state(now: Self.open - 1) == .open)
        #expect(breaker.state(now: Self.open) == .halfOpen)
    }

    @Test(arguments: 0..<50)
    func `it never lets a second probe through before the first has ended`(seed: UInt64) {
        var dice = Dice(seed: seed)
        var breaker = Self.breaker(successes: Int.random(in: 1...3, using: &dice))
        var now: Int64 = 0
        var underWay = 0
        for _ in 0..<500 {
            now += Int64.random(in: 0...Self.open / 4, using: &dice)
            let state = breaker.state(now: now)
            #expect(breaker.admits(now: now) == (state == .closed || state == .halfOpen && underWay == 0))
            // One at a time from the start: whatever is under way in half-open is a probe.
            if underWay == 0, breaker.admits(now: now) {
                breaker.began(now: now)
                underWay = 1
            } else if underWay == 1 {
                underWay = 0
                switch Int.random(in: 0..<6, using: &dice) {
                case 0: breaker.gaveUp(now: now)
                case 1: breaker.succeeded(now: now)
                default: breaker.failed(now: now)
                }
            }
        }
    }

    private mutating func fail(times: Int) {
        for _ in 0..<times {
            breaker.began(now: 0)
            breaker.failed(now: 0)
        }
    }

    private static func breaker(successes: Int) -> CircuitBreaker {
        var settings = BreakerSettings()
        settings.failures = 3
        settings.openMilliseconds = 10
        settings.successes = successes
        return CircuitBreaker(settings)
    }
}
