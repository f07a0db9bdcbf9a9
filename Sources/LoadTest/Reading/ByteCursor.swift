// SPDX-License-Identifier: Apache-2.0

/// A place in bytes that another holds: for the length of one read.
struct ByteCursor {
    var next: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    var isAtEnd: Bool { next == end }
    /// Bytes that are left.
    var count: Int { end - next }

    /// The next `count` bytes, of which there are so many.
    @inline(__always)
    mutating func take(_ count: Int) -> UnsafeBufferPointer<UInt8> {
        defer { next += count }
        return UnsafeBufferPointer(start: next, count: count)
    }

    /// Nil at the end.
    @inline(__always)
    mutating func byte() -> UInt8? {
        guard next < end else { return nil }
        defer { next += 1 }
        return next.pointee
    }
}
