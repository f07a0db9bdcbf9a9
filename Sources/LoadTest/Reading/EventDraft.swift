// SPDX-License-Identifier: Apache-2.0

/// An event that the real parser has read, on its way to a template: which of its bytes may be others in the next event of
/// its kind.
///
/// At first only the values that count up are holes. A value becomes one when another event of the same structure has
/// another there, so that what never changes costs no more than a comparison of bytes.
struct EventDraft {
    struct Scalar: Equatable {
        var start: Int
        var end: Int
        var hole: EventTemplate.Hole
        var meaning: EventTemplate.Meaning
        var isOpen: Bool
    }

    /// Members on whose values the kind of an event depends, in one format or another.
    private static let deciding: Set<String> = [
        "type", "object", "error", "detail", "finish_reason", "finishReason", "blockReason", "status",
    ]
    /// A longer event teaches nothing, in bytes.
    private static let most = 8 << 10

    let kind: EventKind
    private let bytes: [UInt8]
    private(set) var scalars: [Scalar] = []

    /// The members that count the answer's tokens and the stream's events, where the parser has read them.
    private let countName: String?
    private let sequenceName: String?

    /// Nil where there is more to be noted than the kind and such counts: that is for the parser alone.
    /// - Parameter event: Well formed, and without its blank line.
    init?(_ event: [UInt8], _ look: EventLook, as format: StreamFormat, isLines: Bool) {
        guard event.count <= Self.most, let kind = look.kind, kind != .failure, !look.ends, !look.isDone, !look.isBlank,
            !look.bearsAnswer || kind.isContent
        else { return nil }
        self.kind = kind
        bytes = event
        countName = look.tokens >= 0 ? format.countName : nil
        sequenceName = format == .openAIResponses && look.sequence >= 0 ? "sequence_number" : nil
        if isLines {
            scan(event.indices)
        } else {
            guard scanLines() else { return nil }
        }
        guard scalars.count(where: { $0.meaning == .tokens }) == (look.tokens >= 0 ? 1 : 0),
            scalars.count(where: { $0.meaning == .sequence }) <= 1
        else { return nil }
    }

    /// Opens the values in which `other` differs. False where it is another structure.
    mutating func absorb(_ other: EventDraft) -> Bool {
        guard kind == other.kind, scalars.count == other.scalars.count else { return false }
        var end = 0
        var otherEnd = 0
        for (mine, its) in zip(scalars, other.scalars) {
            guard mine.hole == its.hole, mine.meaning == its.meaning,
                bytes[end..<mine.start] == other.bytes[otherEnd..<its.start]
            else { return false }
            end = mine.end
            otherEnd = its.end
        }
        guard bytes[end...] == other.bytes[otherEnd...] else { return false }
        for index in scalars.indices where value(index) != other.value(index) { scalars[index].isOpen = true }
        return true
    }

    private func value(_ index: Int) -> ArraySlice<UInt8> { bytes[scalars[index].start..<scalars[index].end] }

    /// The bytes, and how they are to be compared.
    var template: (bytes: [UInt8], segments: [EventTemplate.Segment]) {
        var segments: [EventTemplate.Segment] = []
        var end = 0
        for scalar in scalars where scalar.isOpen {
            segments.append(
                .init(
                    offset: Int32(end),
                    count: Int32(scalar.start - end),
                    hole: scalar.hole,
                    meaning: scalar.meaning
                )
            )
            end = scalar.end
        }
        segments.append(
            .init(offset: Int32(end), count: Int32(bytes.count - end), hole: .none, meaning: .nothing)
        )
        return (bytes, segments)
    }

    private mutating func scanLines() -> Bool {
        var hasData = false
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
            let line = bytes[start..<end]
            if line.starts(with: "data:".utf8) {
                if hasData { return false }
                hasData = true
                scan(start + 5..<end)
            } else if line.starts(with: "id:".utf8) {
                scanID(start + 3..<end)
            }
            start = end + 1
        }
        return hasData
    }

    private mutating func scanID(_ range: Range<Int>) {
        let start = range.lowerBound + (bytes[range].first == 0x20 ? 1 : 0)
        guard start < range.upperBound, bytes[start..<range.upperBound].allSatisfy({ $0 >= 0x20 && $0 < 0x80 }) else {
            return
        }
        let isNumber = bytes[start..<range.upperBound].allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        let isSequence = isNumber && sequenceName == nil
        add(start..<range.upperBound, isNumber ? .number : .line, isSequence ? .sequence : .nothing)
    }

    private mutating func add(_ range: Range<Int>, _ hole: EventTemplate.Hole, _ meaning: EventTemplate.Meaning) {
        scalars.append(
            Scalar(
                start: range.lowerBound,
                end: range.upperBound,
                hole: hole,
                meaning: meaning,
                isOpen: meaning != .nothing
            )
        )
    }

    /// Finds the scalars of valid JSON.
    private mutating func scan(_ range: Range<Int>) {
        var name = ""
        var at = range.lowerBound
        while at < range.upperBound {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                let start = at + 1
                let end = stringEnd(start, range.upperBound)
                at = end + 1
                if isName(before: at, range.upperBound) {
                    name = String(decoding: bytes[start..<end], as: UTF8.self)
                } else if start < end, !Self.deciding.contains(name) {
                    add(start..<end, .string, .nothing)
                }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                let start = at
                while at < range.upperBound, Self.isNumeric(bytes[at]) { at += 1 }
                addNumber(start..<at, name)
            case UInt8(ascii: "["):
                at += 1
                let end = numbersEnd(at, range.upperBound)
                if end > at { add(at..<end, .numbers, .nothing) }
                at = end
            default: at += 1
            }
        }
    }

    /// The end of what an array holds, where that is nothing but numbers, told apart by commas and blanks after them; `start`
    /// otherwise. Their count may change: a token's bytes.
    private func numbersEnd(_ start: Int, _ end: Int) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress, let found = JSONScan.numbers(base + start, base + end),
                found < base + end, found.pointee == UInt8(ascii: "]")
            else { return start }
            return found - base
        }
    }

    private mutating func addNumber(_ range: Range<Int>, _ name: String) {
        if Self.deciding.contains(name) { return }
        let isWhole = bytes[range].allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && range.count <= 18
        let meaning: EventTemplate.Meaning =
            !isWhole ? .nothing : name == sequenceName ? .sequence : name == countName ? .tokens : .nothing
        add(range, .number, meaning)
    }

    private func stringEnd(_ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(at, end)
    }

    /// A colon follows.
    private func isName(before start: Int, _ end: Int) -> Bool {
        guard start < end else { return false }
        return bytes[start..<end].first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: ":")
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
