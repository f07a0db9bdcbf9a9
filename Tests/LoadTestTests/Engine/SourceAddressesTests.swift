// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct SourceAddressesTests {
    @Test func `an address has 8,000 connections at most`() {
        var sources = SourceAddresses(share: 0, connections: 20_000)
        var counts: [UInt8: Int] = [:]
        for _ in 0..<20_000 { counts[sources.lastByte(of: sources.take()), default: 0] += 1 }
        #expect(counts == [1: 8000, 2: 8000, 3: 4000])
    }

    @Test func `what is given back is taken again`() {
        var sources = SourceAddresses(share: 0, connections: 16_000)
        for _ in 0..<16_000 { _ = sources.take() }
        sources.giveBack(0)
        #expect(sources.take() == 0)
    }

    @Test func `processes of one run do not share an address`() {
        let bytes = (0..<4).flatMap { share in
            let sources = SourceAddresses(share: share, connections: 12_000)
            return [sources.lastByte(of: 0), sources.lastByte(of: 1)]
        }
        #expect(Set(bytes).count == 8)
        #expect(SourceAddresses(share: 500, connections: 2_000_000).lastByte(of: 253) >= 1)
    }
}
