// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// Decides which streams are kept, within a bound of bytes in all. Finished ones go first, the oldest first.
///
/// A state machine: it decides, and whoever holds the streams lets them go.
public struct Retention: Sendable {
    private struct Entry {
        var bytes: Int
        /// Where in ``Retention/finished`` it stands; nil while the stream runs.
        var sequence: Int?
    }

    /// What a stream costs beside its text.
    private static let overhead = 1024

    private let limit: Int
    private var entries: [StreamID: Entry] = [:]
    /// Finished streams by the order in which they ended. Those that are gone are skipped.
    private var finished: [Int: StreamID] = [:]
    private var oldest = 0
    private var nextSequence = 0
    /// Bytes of all streams.
    public private(set) var totalBytes = 0

    /// - Parameter limit: Bytes of all streams together.
    public init(limit: Int) {
        self.limit = limit
    }

    /// There is more text than allowed, and nothing finished to let go.
    public var isFull: Bool { totalBytes > limit }

    public var count: Int { entries.count }

    /// A stream begins with `bytes` of text; gives the streams to let go for it.
    public mutating func began(_ id: StreamID, bytes: Int) -> [StreamID] {
        entries[id] = Entry(bytes: bytes + Self.overhead, sequence: nil)
        totalBytes += bytes + Self.overhead
        return evict()
    }

    /// A stream's text grew by `bytes`; gives the streams to let go for it.
    public mutating func grew(_ id: StreamID, by bytes: Int) -> [StreamID] {
        guard entries[id] != nil else { return [] }
        entries[id]?.bytes += bytes
        totalBytes += bytes
        return evict()
    }

    /// A stream has ended, and may be let go when room is needed.
    public mutating func ended(_ id: StreamID) -> [StreamID] {
        guard let entry = entries[id], entry.sequence == nil else { return [] }
        entries[id]?.sequence = nextSequence
        finished[nextSequence] = id
        nextSequence += 1
        return evict()
    }

    /// A stream is gone.
    public mutating func forgot(_ id: StreamID) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        totalBytes -= entry.bytes
        if let sequence = entry.sequence { finished[sequence] = nil }
    }

    private mutating func evict() -> [StreamID] {
        var evicted: [StreamID] = []
        while totalBytes > limit, oldest < nextSequence {
            if let id = finished[oldest] {
                forgot(id)
                evicted.append(id)
            }
            oldest += 1
        }
        return evicted
    }
}
