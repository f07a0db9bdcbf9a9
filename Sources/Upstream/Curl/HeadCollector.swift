// SPDX-License-Identifier: Apache-2.0

/// Collects the lines of response heads as libcurl hands them out: interim heads, the final one, and trailers.
struct HeadCollector {
    /// The bytes that the heads and trailers of one transfer may have: libcurl itself has no such limit.
    static let limit = 256 << 10

    /// Those of the head that is being read.
    private(set) var fields: [TransferRequest.Field] = []
    private var bytes = 0

    /// Takes a line; true for the empty one, which ends a head. Nil where there have been too many bytes.
    mutating func take(_ line: UnsafeRawBufferPointer, isKept: Bool) -> Bool? {
        bytes += line.count
        guard bytes <= Self.limit else { return nil }
        guard isKept else { return false }
        var text = line[...]
        while let last = text.last, Self.isBlank(last) { text.removeLast() }
        if text.starts(with: "HTTP/".utf8) {
            fields = []
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")), let first = text.first, !Self.isBlank(first) {
            let value = text[(colon + 1)...].drop(while: Self.isBlank)
            let name = String(decoding: text[..<colon], as: UTF8.self)
            fields.append(TransferRequest.Field(name: name, value: String(decoding: value, as: UTF8.self)))
        }
        return text.isEmpty
    }

    /// What the answer is, once its head is whole.
    mutating func finish(status: Int) -> TransferHead {
        defer { fields = [] }
        return TransferHead(status: status, fields: fields)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\n")
    }
}
