// SPDX-License-Identifier: Apache-2.0

import Conversation
import Journal
import TestSupport
import Testing

struct RetentionTests {
    private static let overhead = 1024

    @Test
    func `finished streams go in the order in which they ended`() {
        let ids = (0..<4).map { _ in StreamID.random() }
        var retention = Retention(limit: 4 * Self.overhead + 40)
        for id in ids { #expect(retention.began(id, bytes: 10).isEmpty) }
        for index in [2, 0, 3] { #expect(retention.ended(ids[index]).isEmpty) }
        #expect(retention.grew(ids[1], by: 1) == [ids[2]])
        #expect(retention.grew(ids[1], by: 2_000) == [ids[0]])
        #expect(retention.grew(ids[1], by: 5_000) == [ids[3]])
        #expect(retention.isFull)
        #expect(retention.count == 1)
    }

    @Test
    func `a running stream is never let go`() {
        var retention = Retention(limit: 1)
        let id = StreamID.random()
        #expect(retention.began(id, bytes: 1_000_000).isEmpty)
        #expect(retention.isFull)
        #expect(retention.ended(id) == [id])
        #expect(!retention.isFull)
        #expect(retention.totalBytes == 0)
    }

    @Test
    func `a stream that is gone is not let go again`() {
        var retention = Retention(limit: 3 * Self.overhead)
        let ids = (0..<3).map { _ in StreamID.random() }
        for id in ids { _ = retention.began(id, bytes: 0) }
        _ = retention.ended(ids[0])
        _ = retention.ended(ids[1])
        retention.forgot(ids[0])
        retention.forgot(ids[0])
        #expect(retention.totalBytes == 2 * Self.overhead)
        #expect(retention.grew(ids[2], by: 2_000) == [ids[1]])
    }

    @Test
    func `what is unknown changes nothing`() {
        var retention = Retention(limit: 100)
        #expect(retention.grew(.random(), by: 1_000).isEmpty)
        #expect(retention.ended(.random()).isEmpty)
        #expect(retention.totalBytes == 0)
    }

    @Test
    func `an end that is told twice counts once`() {
        var retention = Retention(limit: 2 * Self.overhead)
        let (first, second) = (StreamID.random(), StreamID.random())
        _ = retention.began(first, bytes: 0)
        _ = retention.began(second, bytes: 0)
        _ = retention.ended(first)
        _ = retention.ended(second)
        _ = retention.ended(first)
        #expect(retention.began(.random(), bytes: 0) == [first])
    }

    @Test
    func `the sum is that of the streams that are kept, whatever happened`() {
        var dice = Dice(seed: 1)
        var retention = Retention(limit: 50_000)
        var kept: [StreamID: Int] = [:]
        for _ in 0..<5_000 {
            let id = kept.keys.randomElement(using: &dice) ?? .random()
            var gone: [StreamID] = []
            switch Int.random(in: 0..<4, using: &dice) {
            case 0:
                let new = StreamID.random()
                kept[new] = Self.overhead + 10
                gone = retention.began(new, bytes: 10)
            case 1 where kept[id] != nil:
                kept[id, default: 0] += 99
                gone = retention.grew(id, by: 99)
            case 2: gone = retention.ended(id)
            default:
                retention.forgot(id)
                kept[id] = nil
            }
            for id in gone { kept[id] = nil }
            #expect(retention.totalBytes == kept.values.reduce(0, +))
            #expect(retention.count == kept.count)
        }
    }
}
