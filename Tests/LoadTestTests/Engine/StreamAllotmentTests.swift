// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

struct StreamAllotmentTests {
    @Test func `streams fill a connection before another is used`() {
        var pool = StreamAllotment()
        #expect(pool.take() == nil)
        pool.add(7, limit: 2)
        #expect(pool.take() == 7)
        #expect(pool.take() == 7)
        #expect(pool.take() == nil)
        pool.add(8, limit: 2)
        #expect(pool.take() == 8)
    }

    @Test func `the connection that was left last is taken first`() {
        var pool = StreamAllotment()
        for id in 0..<3 {
            pool.add(id, limit: 1)
            #expect(pool.take() == id)
        }
        pool.giveBack(2)
        pool.giveBack(0)
        #expect(pool.take() == 0)
        #expect(pool.take() == 2)
        #expect(pool.take() == nil)
    }

    @Test func `a server's limit tells how many streams have to go elsewhere`() {
        var pool = StreamAllotment()
        pool.add(1, limit: 100)
        for _ in 0..<10 { _ = pool.take() }
        #expect(pool.setLimit(4, of: 1) == 6)
        for _ in 0..<6 { pool.giveBack(1) }
        #expect(pool.take() == nil)
        pool.giveBack(1)
        #expect(pool.take() == 1)
        #expect(pool.setLimit(6, of: 1) == 0)
        #expect(pool.take() == 1)
    }

    @Test func `a connection that is no more is not taken`() {
        var pool = StreamAllotment()
        pool.add(1, limit: 3)
        pool.add(2, limit: 3)
        #expect(pool.take() == 2)
        pool.remove(2)
        pool.giveBack(2)
        #expect(pool.take() == 1)
        #expect(pool.setLimit(9, of: 2) == 0)
    }

    @Test func `whatever happens, no connection has more streams than its limit, nor is room left unused`() {
        for seed in 0..<50 as Range<UInt64> {
            var dice = Dice(seed: seed)
            var pool = StreamAllotment()
            var taken: [Int: (count: Int, limit: Int)] = [:]
            for step in 0..<400 {
                switch Int.random(in: 0..<10, using: &dice) {
                case 0:
                    let limit = Int.random(in: 1...4, using: &dice)
                    pool.add(step, limit: limit)
                    taken[step] = (0, limit)
                case 1:
                    guard let id = taken.keys.sorted().randomElement(using: &dice) else { continue }
                    pool.remove(id)
                    taken[id] = nil
                case 2...5:
                    guard let id = taken.filter({ $0.value.count > 0 }).keys.sorted().first else { continue }
                    pool.giveBack(id)
                    taken[id]?.count -= 1
                default:
                    let hasRoom = taken.values.contains { $0.count < $0.limit }
                    let id = pool.take()
                    #expect((id != nil) == hasRoom)
                    guard let id, let before = taken[id] else { continue }
                    #expect(before.count < before.limit)
                    taken[id]?.count += 1
                }
            }
        }
    }
}
