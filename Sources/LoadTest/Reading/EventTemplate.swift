// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Events of one kind, as bytes that do not change and holes that do.
///
/// What fits is an event of the same JSON structure as one that the real parser has read: so it is as well formed, and of
/// the same kind, since no value on which the kind depends is a hole, and no hole is empty. A flat value; its bytes belong
/// to an ``EventTemplates``.
struct EventTemplate {
    enum Hole: UInt8 {
        case none
        /// The inside of a JSON string, not empty.
        case string
        case number
        /// The inside of an array of numbers, not empty.
        case numbers
        /// To the end of a line.
        case line
    }

    /// What a number in a hole tells.
    enum Meaning: UInt8 {
        case nothing
        /// The event's place in the stream.
        case sequence
        /// Completion tokens so far.
        case tokens
    }

    /// Bytes that do not change, and the hole behind them.
    struct Segment {
        var offset: Int32
        var count: Int32
        var hole: Hole
        var meaning: Meaning
    }

    /// What an event told by the way; -1: nothing.
    struct Findings {
        var sequence: Int64 = -1
        var tokens: Int64 = -1
    }

    var kind: EventKind
    var bytes: UnsafeMutablePointer<UInt8>
    var segments: UnsafeMutablePointer<Segment>
    var count: Int

    @inline(__always)
    func fits(_ event: UnsafeBufferPointer<UInt8>, _ findings: inout Findings) -> Bool {
        guard var at = event.baseAddress else { return false }
        let end = at + event.count
        for index in 0..<count {
            let segment = segments[index]
            let length = Int(segment.count)
            guard end - at >= length, memcmp(at, bytes + Int(segment.offset), length) == 0 else { return false }
            at += length
            let found: UnsafePointer<UInt8>?
            switch segment.hole {
            case .none: found = at
            case .string: found = JSONScan.string(at, end)
            case .number: found = JSONScan.number(at, end)
            case .numbers: found = JSONScan.numbers(at, end)
            case .line: found = Self.line(at, end)
            }
            guard let next = found else { return false }
            if segment.meaning != .nothing {
                guard let value = JSONScan.integer(at, next) else { return false }
                if segment.meaning == .sequence { findings.sequence = value } else { findings.tokens = value }
            }
            at = next
        }
        return at == end
    }

    private static func line(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
        var at = start
        while at < end, at.pointee >= 0x20, at.pointee < 0x80 { at += 1 }
        return at > start ? at : nil
    }
}
