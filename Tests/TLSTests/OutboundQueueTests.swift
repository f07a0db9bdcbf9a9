// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import TLS

struct OutboundQueueTests {
    @Test func `nothing goes before it is flushed`() {
        var queue = OutboundQueue()
        queue.append(ByteBuffer(string: "a"), promise: nil)
        #expect(queue.next()?.bytes == nil)
        queue.mark()
        queue.append(ByteBuffer(string: "b"), promise: nil)
        #expect(queue.next().map { String(buffer: $0.bytes) } == "a")
        #expect(queue.next()?.bytes == nil)
        #expect(!queue.isEmpty)
    }

    @Test func `all bytes go in order, in full records where there are enough, and promises with their last byte`() {
        let loop = EmbeddedEventLoop()
        for seed in 0..<300 as Range<UInt64> {
            var dice = Dice(seed: seed)
            var queue = OutboundQueue()
            var written: [UInt8] = []
            var ends: [Int] = []
            for _ in 0..<Int.random(in: 1...20, using: &dice) {
                let largest = [1, 100, 10_000, 200_000].randomElement(using: &dice) ?? 1
                let bytes = [UInt8](
                    repeating: UInt8.random(in: 0...255, using: &dice),
                    count: Int.random(in: 0...largest, using: &dice)
                )
                written += bytes
                ends.append(written.count)
                queue.append(ByteBuffer(bytes: bytes), promise: loop.makePromise())
            }
            queue.mark()
            var read: [UInt8] = []
            var kept = 0
            while let batch = queue.next() {
                read += batch.bytes.readableBytesView
                #expect(batch.bytes.readableBytes <= OutboundQueue.largestBatch)
                let isFull = batch.bytes.readableBytes % OutboundQueue.recordSize == 0
                #expect(isFull || read.count == written.count, "seed \(seed)")
                for promise in batch.promises {
                    #expect(ends[kept] <= read.count)
                    kept += 1
                    promise.succeed()
                }
                if kept < ends.count { #expect(ends[kept] >= read.count) }
            }
            #expect(read == written, "seed \(seed)")
            #expect(kept == ends.count)
            #expect(queue.isEmpty)
        }
    }
}
