// SPDX-License-Identifier: Apache-2.0

/// Judges one frame of an event stream more strictly than a reader has to (WHATWG HTML, section 9.2.6).
struct FrameGrammar {
    private static let known: [ArraySlice<UInt8>] = ["data", "event", "id", "retry"].map { Array($0.utf8)[...] }

    private let bytes: ArraySlice<UInt8>
    /// Of the frame's first byte, in the body.
    private let offset: Int
    /// Of the event that it may dispatch.
    private let number: Int
    private var names: [ArraySlice<UInt8>] = []

    init(_ bytes: ArraySlice<UInt8>, offset: Int, number: Int) {
        self.bytes = bytes
        self.offset = offset
        self.number = number
    }

    /// - Returns: Whether the frame has an id of its own.
    mutating func judge(_ log: inout FindingLog) -> Bool {
        if let bad = Self.firstInvalid(bytes) {
            let around = Excerpts.quoted(bytes[max(bytes.startIndex, bad - 10)...], limit: 24)
            let expected = "UTF-8, as every event stream is"
            log.add(
                .invalidUTF8,
                seen: "bytes that are no UTF-8 near \(around)",
                expected: expected,
                event: number,
                offset: offset + bad - bytes.startIndex
            )
        }
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.endIndex
            let next = judgeEnd(at: end, &log)
            if start < end { judge(bytes[start..<end], &log) }
            start = next
        }
        let hasData = names.contains(Self.known[0])
        if names.contains(Self.known[1]), !hasData {
            note(.grammar, "an event with a name and no data, which clients drop", "a data line", &log)
        }
        return names.contains(Self.known[2])
    }

    private func judgeEnd(at end: Int, _ log: inout FindingLog) -> Int {
        guard end < bytes.endIndex else { return end }
        guard bytes[end] == 0x0D else { return end + 1 }
        let hasLineFeed = end + 1 < bytes.endIndex && bytes[end + 1] == 0x0A
        // The LF of a CRLF that two reads share is the first byte of the next frame.
        let isLast = end + 1 == bytes.endIndex
        if !isLast { note(.lineEnds, hasLineFeed ? "CRLF line ends" : "CR line ends", "", &log) }
        return hasLineFeed ? end + 2 : end + 1
    }

    private mutating func judge(_ line: ArraySlice<UInt8>, _ log: inout FindingLog) {
        if line.first == UInt8(ascii: ":") { return note(.comments, "comment lines", "", &log) }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        let name = line[..<colon]
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == 0x20 { value.removeFirst() }
        names.append(name)
        guard Self.known.contains(name) else { return judgeUnknown(name, &log) }
        if name == Self.known[2], value.contains(0) {
            note(.ids, "an id with a NUL, which clients ignore", "an id without", &log)
        }
        if name == Self.known[3], value.isEmpty || !value.allSatisfy({ 0x30...0x39 ~= $0 }) {
            note(.grammar, "retry: \(Excerpts.quoted(value))", "milliseconds in digits", &log)
        }
    }

    private func judgeUnknown(_ name: ArraySlice<UInt8>, _ log: inout FindingLog) {
        let isWord = name.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
        // A byte order mark may stand before the very first field.
        if offset == 0, name.starts(with: [0xEF, 0xBB, 0xBF]) { return }
        if isWord {
            note(.unknownFields, "unknown field \(String(decoding: name, as: UTF8.self))", "", &log)
        } else {
            note(.grammar, "a line that is no field: \(Excerpts.quoted(name))", "data, event, id or retry", &log)
        }
    }

    private func note(_ kind: FindingKind, _ seen: String, _ expected: String, _ log: inout FindingLog) {
        log.add(kind, seen: seen, expected: expected, event: number, offset: offset)
    }

    /// The index of the first byte that belongs to no UTF-8 sequence.
    static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var index = bytes.startIndex
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): index += scalar.count
            case .error: return index
            case .emptyInput: return nil
            }
        }
    }
}
