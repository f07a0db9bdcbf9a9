// SPDX-License-Identifier: Apache-2.0

import EventStream

/// Reads one HTTP/1.1 response from bytes cut anywhere: head, chunked or counted body, and its events.
struct ResponseReader: Sendable {
    private enum Phase {
        case head
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case counted(left: Int)
        case done
    }

    private(set) var status = 0
    private(set) var head = ""
    private(set) var body: [UInt8] = []
    private(set) var events: [ServerSentEvent] = []
    /// What is no valid response.
    private(set) var complaint: String?
    private var phase = Phase.head
    private var line: [UInt8] = []
    private var isLastChunk = false
    private var parser = EventStreamParser()

    /// The response has come to its end.
    var isWhole: Bool { if case .done = phase { true } else { false } }

    mutating func feed(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while complaint == nil, !rest.isEmpty {
            switch phase {
            case .head, .chunkSize, .chunkEnd: takeLineByte(rest.removeFirst())
            case .chunk(let left):
                let piece = rest.prefix(left)
                rest = rest.dropFirst(left)
                take(piece)
                phase = piece.count == left ? .chunkEnd : .chunk(left: left - piece.count)
            case .counted(let left):
                let piece = rest.prefix(left)
                rest = rest.dropFirst(left)
                take(piece)
                phase = piece.count == left ? .done : .counted(left: left - piece.count)
            case .done:
                complaint = "\(rest.count) bytes after the end"
            }
        }
    }

    private mutating func takeLineByte(_ byte: UInt8) {
        line.append(byte)
        guard byte == 0x0A else { return }
        let text = String(decoding: line.dropLast(2), as: UTF8.self)
        switch phase {
        case .head:
            guard line.suffix(4) == [0x0D, 0x0A, 0x0D, 0x0A] else { return }
            head = String(decoding: line, as: UTF8.self)
            headEnded()
        case .chunkSize:
            guard let size = Int(text, radix: 16) else {
                complaint = "chunk size \"\(text)\""
                return
            }
            isLastChunk = size == 0
            phase = isLastChunk ? .chunkEnd : .chunk(left: size)
        case .chunkEnd:
            guard text.isEmpty, line.count == 2 else {
                complaint = "chunk without an end"
                return
            }
            phase = isLastChunk ? .done : .chunkSize
        default: break
        }
        line = []
    }

    private mutating func headEnded() {
        let fields = head.lowercased()
        guard fields.hasPrefix("http/1.1 "), let number = Int(head.dropFirst(9).prefix(3)) else {
            complaint = "head \(head)"
            return
        }
        status = number
        if fields.contains("\r\ntransfer-encoding: chunked\r\n") {
            phase = .chunkSize
        } else if let range = fields.firstRange(of: "\r\ncontent-length: ") {
            let length = Int(fields[range.upperBound...].prefix { $0.isNumber }) ?? 0
            phase = length == 0 ? .done : .counted(left: length)
        } else {
            phase = .done
        }
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        body.append(contentsOf: bytes)
        do {
            try parser.feed(Array(bytes).span) { events.append($0) }
        } catch {
            complaint = "\(error)"
        }
    }
}
