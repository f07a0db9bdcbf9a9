// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// What is to be encrypted, in order: small writes are joined into records, large ones are cut.
struct OutboundQueue {
    /// What is encrypted in one step, and whose promises are kept when its records have left.
    struct Batch {
        var bytes: ByteBuffer
        var promises: [EventLoopPromise<Void>]
    }

    private struct Item {
        var bytes = ByteBuffer()
        var promise: EventLoopPromise<Void>?
    }

    /// The most that one record holds (RFC 8446, section 5.1).
    static let recordSize = 16 << 10
    /// The most that is encrypted in one step.
    static let largestBatch = 4 * recordSize

    private var items: [Item] = []
    private var head = 0
    /// Items before this one have been flushed.
    private var marked = 0

    var isEmpty: Bool { head == items.count }

    mutating func append(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>?) {
        items.append(Item(bytes: bytes, promise: promise))
    }

    /// All that has been appended may go.
    mutating func mark() { marked = items.count }

    /// - Returns: The next bytes that may go; nil when there are none.
    mutating func next() -> Batch? {
        guard head < marked else { return nil }
        let count = items[head].bytes.readableBytes
        let isLast = head + 1 == marked
        guard isLast || count >= Self.recordSize else { return join() }
        // Whole records, so that the rest is joined with what follows.
        let length = min(isLast ? count : count - count % Self.recordSize, Self.largestBatch)
        if length < count, let part = items[head].bytes.readSlice(length: length) {
            return Batch(bytes: part, promises: [])
        }
        let item = take()
        return Batch(bytes: item.bytes, promises: item.promise.map { [$0] } ?? [])
    }

    /// Empties the queue.
    /// - Returns: The promises that will not be kept.
    mutating func drain() -> [EventLoopPromise<Void>] {
        defer { self = OutboundQueue() }
        return items[head...].compactMap(\.promise)
    }

    private mutating func join() -> Batch {
        let total = items[head..<marked].reduce(0) { $0 + $1.bytes.readableBytes }
        var batch = Batch(bytes: ByteBuffer(), promises: [])
        batch.bytes.reserveCapacity(min(total, Self.recordSize))
        while head < marked, case let room = Self.recordSize - batch.bytes.readableBytes, room > 0 {
            if items[head].bytes.readableBytes > room, var part = items[head].bytes.readSlice(length: room) {
                batch.bytes.writeBuffer(&part)
                continue
            }
            var item = take()
            batch.bytes.writeBuffer(&item.bytes)
            if let promise = item.promise { batch.promises.append(promise) }
        }
        return batch
    }

    private mutating func take() -> Item {
        let item = items[head]
        items[head] = Item()
        head += 1
        guard head == items.count else { return item }
        items.removeAll(keepingCapacity: items.capacity <= 16)
        head = 0
        marked = 0
        return item
    }
}
