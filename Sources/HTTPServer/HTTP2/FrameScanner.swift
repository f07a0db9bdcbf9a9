// SPDX-License-Identifier: Apache-2.0

/// Finds where frames begin in what a client sends (RFC 9113, section 4.1), without looking into them.
///
/// The library says nothing of a frame that is not whole, of one that it does not know, and of one that it overlooks.
struct FrameScanner {
    /// Of the preface first, then of frames' payloads.
    private var skipped = PrefaceMatch.length
    private var header: UInt64 = 0
    private var headerBytes = 0
    /// A block of fields has begun, and its last frame has not.
    private var isInBlock = false
    /// The frame that is under way, or was the last, carries fields.
    private var isFields = false

    /// What has come ends within a block of fields that is not whole.
    private(set) var isInsideFields = false

    /// - Parameter frame: Called with the type and the payload's length of each frame that begins.
    mutating func scan(_ bytes: some Collection<UInt8>, frame: (_ type: UInt8, _ length: Int) -> Void) {
        var rest = bytes[...]
        while !rest.isEmpty {
            if skipped > 0 {
                let count = min(skipped, rest.count)
                skipped -= count
                rest = rest.dropFirst(count)
            } else {
                header = header << 8 | UInt64(rest.removeFirst())
                headerBytes += 1
                if headerBytes == Self.shortHeader { begin(frame) }
            }
        }
        isInsideFields = isInBlock || isFields && skipped > 0
    }

    /// Length, type and flags have come; the stream's number follows, and is skipped as if it were payload.
    private mutating func begin(_ frame: (UInt8, Int) -> Void) {
        let (length, type, flags) = (Int(header >> 16 & 0xFF_FFFF), UInt8(header >> 8 & 0xFF), UInt8(header & 0xFF))
        frame(type, length)
        isFields = type == Self.headers || type == Self.continuation
        if isFields { isInBlock = flags & Self.endHeaders == 0 }
        headerBytes = 0
        skipped = Self.streamNumber + length
    }

    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let settings: UInt8 = 4
    static let windowUpdate: UInt8 = 8
    static let continuation: UInt8 = 9
    private static let endHeaders: UInt8 = 4
    /// Length, type and flags.
    private static let shortHeader = 5
    private static let streamNumber = 4
}
