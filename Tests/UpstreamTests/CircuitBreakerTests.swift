// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Upstream

struct CircuitBreakerTests {
    private static let open: Int64 = 10_000_000
    private var breaker: CircuitBreaker
    private var requests = 0

    init() {
        breaker = Self.breaker(successes: 1)
    }

    @Test
    mutating func `it opens after failures in a row, and a success starts the row anew`() {
        fail(times: 2)
        breaker.succeeded(begin())
        fail(times: 2)
        #expect(breaker.state(now: 0) == .closed)
        fail(times: 1)
        #expect(breaker.state(now: 0) == .open)
        #expect(!breaker.admits(now: Self.open - 1))
    }

    @Test
    mutating func `a request that tells nothing changes nothing`() {
        fail(times: 2)
        breaker.gaveUp(begin())
        fail(times: 1)
        #expect(breaker.state(now: 0) == .open)
    }

    @Test
    mutating func `after its time it lets one probe through`() {
        fail(times: 3)
        #expect(breaker.state(now: Self.open) == .halfOpen)
        #expect(breaker.admits(now: Self.open))
        let probe = begin(now: Self.open)
        #expect(!breaker.admits(now: Self.open + 1))
        breaker.succeeded(probe)
        #expect(breaker.state(now: Self.open + 2) == .closed)
    }

    @Test
    mutating func `a probe's first token is enough, for the rest of its answer may take minutes`() {
        fail(times: 3)
        let probe = begin(now: Self.open)
        breaker.answered(probe)
        #expect(breaker.state(now: Self.open + 2) == .closed)
        #expect(breaker.admits(now: Self.open + 2))
        breaker.failed(probe, now: Self.open + 3)
        fail(times: 1)
        #expect(breaker.state(now: Self.open + 3) == .closed)
        fail(times: 1)
        #expect(breaker.state(now: 0) == .open)
    }

    @Test
    mutating func `first tokens of a closed breaker do not interrupt a row of failures`() {
        fail(times: 2)
        breaker.answered(begin())
        fail(times: 1)
        #expect(breaker.state(now: 0) == .open)
    }

    @Test
    mutating func `a probe that fails opens it for the whole time again`() {
        fail(times: 3)
        breaker.failed(begin(now: Self.open), now: Self.open + 5)
        #expect(breaker.state(now: 2 * Self.open + 4) == .open)
        #expect(breaker.state(now: 2 * Self.open + 5) == .halfOpen)
    }

    @Test
    mutating func `a probe that is cancelled gives its place back`() {
        fail(times: 3)
        breaker.gaveUp(begin(now: Self.open))
        #expect(breaker.state(now: Self.open + 1) == .halfOpen)
        #expect(breaker.admits(now: Self.open + 1))
    }

    @Test
    mutating func `it closes only after all the successes that it wants`() {
        breaker = Self.breaker(successes: 2)
        fail(times: 3)
        breaker.succeeded(begin(now: Self.open))
        #expect(breaker.state(now: Self.open) == .halfOpen)
        breaker.succeeded(begin(now: Self.open))
        #expect(breaker.state(now: Self.open) == .closed)
    }

    @Test
    mutating func `requests from before that end while it is open tell nothing`() {
        let early = (0..<3).map { _ in begin() }
        fail(times: 3)
        breaker.succeeded(early[0])
        breaker.failed(early[1], now: 2)
        breaker.gaveUp(early[2])
        #expect(breaker.state(now: Self.open - 1) == .open)
        #expect(breaker.state(now: Self.open) == .halfOpen)
    }

    @Test
    mutating func `requests from before that end while the probe is out are not the probe`() {
        let early = (0..<3).map { _ in begin() }
        fail(times: 3)
        let probe = begin(now: Self.open)
        breaker.answered(early[0])
        breaker.succeeded(early[0])
        breaker.failed(early[1], now: Self.open + 1)
        breaker.gaveUp(early[2])
        #expect(breaker.state(now: Self.open + 1) == .halfOpen && !breaker.admits(now: Self.open + 1))
        breaker.succeeded(probe)
        #expect(breaker.state(now: Self.open + 1) == .closed)
    }

    @Test
    mutating func `requests from before that end after it has closed again tell nothing`() {
        let early = (0..<4).map { _ in begin() }
        fail(times: 3)
        breaker.succeeded(begin(now: Self.open))
        for request in early[0..<3] { breaker.failed(request, now: Self.open) }
        #expect(breaker.state(now: Self.open) == .closed)
        fail(times: 2)
        breaker.succeeded(early[3])
        fail(times: 1)
        #expect(breaker.state(now: 0) == .open)
    }

    @Test(arguments: 0..<50)
    func `in half-open nothing but the end of the one probe changes it`(seed: UInt64) {
        var dice = Dice(seed: seed)
        var breaker = Self.breaker(successes: Int.random(in: 1...3, using: &dice))
        var (now, requests): (Int64, Int) = (0, 0)
        var underWay: [Int] = []
        var probe: Int?
        for _ in 0..<1_000 {
            now += Int64.random(in: 0...Self.open / 4, using: &dice)
            let state = breaker.state(now: now)
            #expect(breaker.admits(now: now) == (state == .closed || state == .halfOpen && probe == nil))
            if underWay.count < 6, breaker.admits(now: now), Bool.random(using: &dice) {
                requests += 1
                breaker.began(requests, now: now)
                underWay.append(requests)
                if state == .halfOpen { probe = requests }
                continue
            }
            guard let index = underWay.indices.randomElement(using: &dice) else { continue }
            let request = underWay.remove(at: index)
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: breaker.gaveUp(request)
            case 1: breaker.succeeded(request)
            default: breaker.failed(request, now: now)
            }
            if request == probe {
                probe = nil
            } else if state == .halfOpen {
                #expect(breaker.state(now: now) == .halfOpen && breaker.admits(now: now) == (probe == nil))
            }
        }
    }

    private mutating func begin(now: Int64 = 0) -> Int {
        requests += 1
        breaker.began(requests, now: now)
        return requests
    }

    private mutating func fail(times: Int) {
        for _ in 0..<times { breaker.failed(begin(), now: 0) }
    }

    private static func breaker(successes: Int) -> CircuitBreaker {
        var settings = BreakerSettings()
        settings.failures = 3
        settings.openMilliseconds = 10
        settings.successes = successes
        return CircuitBreaker(settings)
    }
}
