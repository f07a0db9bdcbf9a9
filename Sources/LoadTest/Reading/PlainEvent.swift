// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An event whose data is text, not JSON, read where it lies: typebar's `/chat/stream`, or any `EventSource`'s.
struct PlainEvent {
    enum Name {
        case none
        case start
        case fault
        case reasoning
        case tool
        case usage
        case ping
        case other
    }

    var name = Name.none
    /// Of all its data lines, with a break between two; -1: it has none.
    var length = -1
    var breaks = 0
    /// The last data line.
    var data = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var id = UnsafeBufferPointer<UInt8>(start: nil, count: 0)

    /// - Parameter event: Without its blank line.
    @inline(__always)
    init(_ event: UnsafeBufferPointer<UInt8>) {
        guard var line = event.baseAddress else { return }
        let end = line + event.count
        // A byte order mark, before the first event.
        if event.count > 3, line[0] == 0xEF, line[1] == 0xBB, line[2] == 0xBF { line += 3 }
        while line < end {
            var lineEnd = line
            while lineEnd < end, lineEnd.pointee != 0x0A, lineEnd.pointee != 0x0D { lineEnd += 1 }
            read(line, lineEnd)
            line = lineEnd < end ? lineEnd + 1 : end
        }
    }

    @inline(__always)
    private mutating func read(_ line: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) {
        if let value = Self.value("data", line, end) {
            breaks += length < 0 ? 0 : 1
            length += value.count + 1
            data = value
        } else if let value = Self.value("id", line, end) {
            id = value
        } else if let value = Self.value("event", line, end) {
            name = Self.name(value)
        }
    }

    /// What follows a field's name and colon; nil where the line is another's.
    @inline(__always)
    private static func value(
        _ field: StaticString,
        _ line: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8>? {
        let count = field.utf8CodeUnitCount
        guard end - line >= count, memcmp(line, field.utf8Start, count) == 0 else { return nil }
        var start = line + count
        if start < end {
            guard start.pointee == UInt8(ascii: ":") else { return nil }
            start += 1
            if start < end, start.pointee == 0x20 { start += 1 }
        }
        return UnsafeBufferPointer(start: start, count: end - start)
    }

    private static func name(_ value: UnsafeBufferPointer<UInt8>) -> Name {
        name(String(decoding: value, as: UTF8.self))
    }

    /// What an event's name means, typebar's own and what is common elsewhere.
    static func name(_ word: String) -> Name {
        switch word {
        case "", "message": .none
        case "start": .start
        case "fault", "error": .fault
        case "reasoning": .reasoning
        case "tool": .tool
        case "usage": .usage
        case "ping": .ping
        default: .other
        }
    }

    /// It says that the stream is whole.
    @inline(__always)
    var isDone: Bool {
        guard length == 6, name == .none, breaks == 0, let start = data.baseAddress else { return false }
        return memcmp(start, "[DONE]", 6) == 0
    }

    @inline(__always)
    var kind: EventKind { Self.kind(name, length: length, isDone: isDone) }

    @inline(__always)
    static func kind(_ name: Name, length: Int, isDone: Bool) -> EventKind {
        if isDone { return .end }
        if length < 0 { return .other }
        switch name {
        case .none, .other: return length > 0 ? .text : .other
        case .fault: return .failure
        case .reasoning: return .reasoning
        case .tool: return .toolCall
        case .usage: return .usage
        case .start, .ping: return .other
        }
    }
}
