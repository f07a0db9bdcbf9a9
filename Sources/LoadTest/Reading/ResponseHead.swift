// SPDX-License-Identifier: Apache-2.0

/// What the head of a response says that matters to its reader.
struct ResponseHead: Equatable {
    enum Length: Equatable {
        case chunked
        case bytes(Int)
        case untilClose
    }

    enum Media: Equatable {
        /// No type is named.
        case none
        case eventStream
        /// JSON, an object a line.
        case lines
        case other
    }

    var status: Int
    var length = Length.untilClose
    var media = Media.none
    /// The server means to take another request.
    var keepsAlive: Bool
    /// A coding of the body or the transfer that we do not undo.
    var isCoded = false

    /// Reads a head, from the status line to the blank line. Nil where it is none of HTTP/1's.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)[...]
        guard let first = lines.popFirst(), let status = Self.status(first) else { return nil }
        self.status = status
        keepsAlive = first.starts(with: "HTTP/1.1".utf8)
        var lengths: [Int] = []
        var isChunked = false
        for line in lines {
            let line = line.last == 0x0D ? line.dropLast() : line
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let name = Self.word(line[..<colon])
            let value = Self.word(line[(colon + 1)...])
            switch name {
            case "content-length":
                guard let count = Self.count(value) else { return nil }
                lengths.append(count)
            case "transfer-encoding":
                isChunked = value == "chunked"
                isCoded = isCoded || !isChunked
            case "content-encoding": isCoded = isCoded || value != "identity" && !value.isEmpty
            case "connection": readConnection(value)
            case "content-type": media = Self.media(value)
            default: break
            }
        }
        guard lengths.allSatisfy({ $0 == lengths[0] }) else { return nil }
        if Self.isBodyless(status) {
            length = .bytes(0)
        } else if isChunked {
            length = .chunked
        } else if let count = lengths.first {
            length = .bytes(count)
        }
        if length == .untilClose { keepsAlive = false }
    }

    private mutating func readConnection(_ value: String) {
        let options = value.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }
        if options.contains("close") {
            keepsAlive = false
        } else if options.contains("keep-alive") {
            keepsAlive = true
        }
    }

    private static func status(_ line: UnsafeBufferPointer<UInt8>.SubSequence) -> Int? {
        let words = line.split(separator: 0x20, maxSplits: 2)
        guard words.count >= 2, words[0].count == 8, words[0].starts(with: "HTTP/1.".utf8) else { return nil }
        let word = String(decoding: words[1], as: UTF8.self).filter { $0 != "\r" }
        guard word.utf8.count == 3, let status = Int(word), status >= 100 else { return nil }
        return status
    }

    private static func isBodyless(_ status: Int) -> Bool { status < 200 || status == 204 || status == 304 }

    /// In lower case, without space around it.
    private static func word(_ bytes: UnsafeBufferPointer<UInt8>.SubSequence) -> String {
        var bytes = bytes[...]
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self).lowercased()
    }

    private static func count(_ value: String) -> Int? {
        guard !value.isEmpty, value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int(value)
    }

    private static func media(_ value: String) -> Media {
        let type = value.prefix { $0 != ";" && $0 != " " && $0 != "\t" }
        switch type {
        case "": return .none
        case "text/event-stream": return .eventStream
        case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines": return .lines
        default: return .other
        }
    }
}
