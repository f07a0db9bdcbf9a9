// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing

@testable import Upstream

struct BackOffTests {
    private var dice = Dice(seed: 4)

    @Test(arguments: [(1, 200), (2, 400), (3, 800), (5, 3_200), (6, 5_000), (1_000, 5_000), (.max, 5_000), (0, 200)])
    mutating func `the wait is drawn from 0 to a bound that doubles up to the longest`(k: Int, milliseconds: Int) {
        let bound = Int64(milliseconds) * 1_000_000
        let waits = (0..<1_000).compactMap { _ in
            BackOff(RetrySettings()).delay(beforeRetry: k, retryAfter: nil, using: &dice)
        }
        #expect(waits.count == 1_000)
        #expect(waits.allSatisfy { (0...bound).contains($0) })
        #expect(waits.contains { $0 < bound / 10 })
        #expect(waits.contains { $0 > bound / 10 * 9 })
    }

    @Test(arguments: [0.5, 1, 10])
    mutating func `a Retry-After is the least wait`(seconds: Double) {
        for _ in 0..<100 {
            let wait = BackOff(RetrySettings()).delay(beforeRetry: 1, retryAfter: seconds, using: &dice)
            #expect(wait == Int64(seconds * 1e9))
        }
    }

    @Test(arguments: [10.1, 3_600, 1e300, .infinity])
    mutating func `a Retry-After that is too long ends the retries`(seconds: Double) {
        #expect(BackOff(RetrySettings()).delay(beforeRetry: 1, retryAfter: seconds, using: &dice) == nil)
    }

    @Test(arguments: [0, -1, -Double.infinity, .nan])
    mutating func `a Retry-After that is no time in the future says nothing`(seconds: Double) {
        #expect(BackOff(RetrySettings()).delay(beforeRetry: 1, retryAfter: seconds, using: &dice) != nil)
    }

    @Test(arguments: [(0, 0), (-5, -5), (.max, .max), (.min, .max), (.max, 0)])
    mutating func `settings beyond all reason give a wait all the same`(base: Int, longest: Int) {
        var settings = RetrySettings()
        settings.baseMilliseconds = base
        settings.longestMilliseconds = longest
        let wait = BackOff(settings).delay(beforeRetry: 64, retryAfter: nil, using: &dice)
        #expect((wait ?? -1) >= 0)
    }

    @Test(arguments: [
        (ChatFault(kind: .upstreamRefused, message: "", retryable: true), RetrySettings.Cause?.some(.connect)),
        (ChatFault(kind: .upstreamReset, message: "", retryable: true), .reset),
        (ChatFault(kind: .upstreamTimeout, message: "", retryable: true, clock: .connect), .connect),
        (ChatFault(kind: .upstreamTimeout, message: "", retryable: true, clock: .firstToken), .timeout),
        (ChatFault(kind: .upstreamTimeout, message: "", retryable: true, clock: .idle), .timeout),
        (ChatFault(kind: .upstreamTimeout, message: "", retryable: true, clock: .total), .timeout),
        (ChatFault(kind: .upstreamStatus, message: "", retryable: true, status: 408), .requestTimeout),
        (ChatFault(kind: .upstreamStatus, message: "", retryable: true, status: 429), .rateLimit),
        (ChatFault(kind: .upstreamStatus, message: "", retryable: true, status: 500), .serverError),
        (ChatFault(kind: .upstreamStatus, message: "", retryable: true, status: 529), .serverError),
        (ChatFault(kind: .upstreamStatus, message: "", retryable: true, status: 599), .serverError),
        (ChatFault(kind: .upstreamStatus, message: "", retryable: true, status: 409), nil),
        (ChatFault(kind: .upstreamStatus, message: "", retryable: false, status: 400), nil),
        (ChatFault(kind: .upstreamStatus, message: "", retryable: false), nil),
        (ChatFault(kind: .upstreamProtocol, message: "", retryable: true), nil),
        (ChatFault(kind: .upstreamError, message: "", retryable: true), nil),
        (ChatFault(kind: .truncated, message: "", retryable: true), nil),
        (ChatFault(kind: .cancelled, message: "", retryable: true), nil),
        (ChatFault(kind: .overloaded, message: "", retryable: true), nil),
        (ChatFault(kind: .internal, message: "", retryable: true), nil),
    ])
    func `a fault is covered by its cause, and by no other`(fault: ChatFault, cause: RetrySettings.Cause?) {
        var settings = RetrySettings()
        #expect(settings.covers(fault) == (cause != nil))
        for one in RetrySettings.Cause.allCases {
            settings.causes = [one]
            #expect(settings.covers(fault) == (one == cause))
        }
    }
}
