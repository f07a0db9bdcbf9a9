// SPDX-License-Identifier: Apache-2.0

/// Finds the end of a response's head in bytes that are cut anywhere.
enum HeadReader {
    enum Step {
        /// The head is over; the cursor is behind it.
        case head(ResponseHead)
        case more
        case broken
    }

    /// A longer head is no answer, in bytes.
    private static let most = 64 << 10

    /// - Parameter carry: What came of the head before; empty again when it is over.
    static func next(_ cursor: inout ByteCursor, _ carry: inout [UInt8]) -> Step {
        if carry.isEmpty {
            let bytes = UnsafeBufferPointer(start: cursor.next, count: cursor.count)
            if let end = end(in: bytes, from: 0) {
                return read(cursor.take(end))
            }
        }
        let kept = carry.count
        carry.append(contentsOf: UnsafeBufferPointer(start: cursor.next, count: min(cursor.count, most + 1)))
        let step = carry.withUnsafeBufferPointer { bytes -> (Step, Int) in
            // The blank line may have begun in what came before.
            if let end = end(in: bytes, from: max(0, kept - 2)) {
                return (read(UnsafeBufferPointer(rebasing: bytes[..<end])), end)
            }
            return (bytes.count > most || !begins(bytes) ? .broken : .more, bytes.count)
        }
        _ = cursor.take(step.1 - kept)
        if case .more = step.0 { return .more }
        carry = []
        return step.0
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Step {
        guard bytes.count <= most, let head = ResponseHead(bytes) else { return .broken }
        return .head(head)
    }

    /// It may be a head, as far as it goes.
    private static func begins(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        zip(bytes, "HTTP/1.".utf8).allSatisfy { $0 == $1 }
    }

    /// The offset after the first blank line.
    private static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count, let found = bytes[index...].firstIndex(of: 0x0A) {
            index = found + 1
            if index < bytes.count, bytes[index] == 0x0A { return index + 1 }
            if index + 1 < bytes.count, bytes[index] == 0x0D, bytes[index + 1] == 0x0A { return index + 2 }
        }
        return nil
    }
}
