// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Journal

@Suite
struct RequestDigestTests {
    @Test
    func `the same request has the same digest, and it is small however long the request is`() {
        let long = [UInt8](repeating: 0x61, count: 4 << 20)
        #expect(RequestDigest(long) == RequestDigest(Array(long)))
        #expect(MemoryLayout<RequestDigest>.size <= 32)
    }

    @Test
    func `a request that differs in a byte, in its length or in the order of its bytes has another digest`() {
        var dice = Dice(seed: 11)
        for _ in 0..<2000 {
            let request = (0..<Int.random(in: 1...200, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice)
            }
            var other = request
            other[Int.random(in: other.indices, using: &dice)] ^= UInt8(1) << UInt8.random(in: 0...7, using: &dice)
            #expect(RequestDigest(request) != RequestDigest(other))
            #expect(RequestDigest(request) != RequestDigest(request + [0]))
            let turned = Array(request.reversed())
            #expect(RequestDigest(request) != RequestDigest(turned) || request == turned)
        }
        #expect(RequestDigest([]) != RequestDigest([0]))
    }
}
