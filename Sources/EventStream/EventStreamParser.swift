// SPDX-License-Identifier: Apache-2.0

/// An incremental parser of `text/event-stream` (WHATWG HTML, section 9.2.6), fed with chunks cut anywhere.
///
/// A state machine: bytes in, events out. An event whose blank line never comes is dropped, as the
/// specification says.
public struct EventStreamParser: Sendable {
    /// A line or an event went over ``EventStreamParser/limit``.
    public struct TooLarge: Error, Equatable {
        /// The bound that was passed, in bytes.
        public let limit: Int
    }

    private enum LineState {
        /// Nothing read yet: a byte order mark may come, `matched` bytes of it have.
        case start(matched: Int)
        case inLine
        /// The last line ended with CR: an LF that follows belongs to it.
        case afterCarriageReturn
    }

    /// Buffers that one long line has made larger are given back.
    private static let keptCapacity = 64 << 10
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The most bytes one line or the data of one event may have.
    public let limit: Int
    /// The last `retry:` of the stream, in milliseconds.
    public private(set) var retryMilliseconds: Int?

    private var state: LineState = .start(matched: 0)
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var type = ""
    private var lastEventID = ""

    /// - Parameter limit: The most bytes of a line, and of an event's data; more throws ``TooLarge``.
    public init(limit: Int = 8 << 20) {
        self.limit = limit
    }

    /// Takes the next bytes of the stream and gives the events that they complete, in order.
    public mutating func feed(_ bytes: Span<UInt8>, _ emit: (ServerSentEvent) -> Void) throws(TooLarge) {
        var index = 0
        while index < bytes.count {
            if case .start(let matched) = state {
                index = skipByteOrderMark(bytes, at: index, matched: matched)
                continue
            }
            if case .afterCarriageReturn = state {
                state = .inLine
                if bytes[index] == 0x0A {
                    index += 1
                    continue
                }
            }
            let lineStart = index
            while index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
            if line.count + index - lineStart > limit { throw TooLarge(limit: limit) }
            bytes.extracting(lineStart..<index).withUnsafeBufferPointer { line.append(contentsOf: $0) }
            guard index < bytes.count else { return }
            if bytes[index] == 0x0D { state = .afterCarriageReturn }
            index += 1
            try endLine(emit)
        }
    }

    private mutating func skipByteOrderMark(_ bytes: Span<UInt8>, at index: Int, matched: Int) -> Int {
        if bytes[index] == Self.byteOrderMark[matched] {
            state = matched + 1 == Self.byteOrderMark.count ? .inLine : .start(matched: matched + 1)
            return index + 1
        }
        line.append(contentsOf: Self.byteOrderMark.prefix(matched))
        state = .inLine
        return index
    }

    private mutating func endLine(_ emit: (ServerSentEvent) -> Void) throws(TooLarge) {
        defer { line.removeAll(keepingCapacity: line.capacity <= Self.keptCapacity) }
        guard let first = line.first else {
            dispatch(emit)
            return
        }
        if first == UInt8(ascii: ":") { return }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        switch line[..<colon] {
        case ArraySlice("data".utf8):
            if data.count + value.count >= limit { throw TooLarge(limit: limit) }
            if hasData { data.append(0x0A) }
            data.append(contentsOf: value)
            hasData = true
        case ArraySlice("event".utf8):
            type = String(decoding: value, as: UTF8.self)
        case ArraySlice("id".utf8) where !value.contains(0):
            lastEventID = String(decoding: value, as: UTF8.self)
        case ArraySlice("retry".utf8) where value.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }:
            retryMilliseconds = Int(String(decoding: value, as: UTF8.self)) ?? retryMilliseconds
        default:
            break
        }
    }

    private mutating func dispatch(_ emit: (ServerSentEvent) -> Void) {
        if hasData {
            emit(ServerSentEvent(type: type.isEmpty ? "message" : type, data: data, lastEventID: lastEventID))
            data.removeAll(keepingCapacity: data.capacity <= Self.keptCapacity)
            hasData = false
        }
        type = ""
    }
}
