// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Finds the JSON of a frame, and what the model says in it.
enum FrameJSON {
    /// The names under which the wire formats give pieces of an answer.
    private static let textNames: Set<String> = [
        "arguments", "content", "delta", "inputTextDelta", "partial_json", "reasoning", "reasoning_content", "refusal",
        "response", "text", "thinking",
    ]

    /// Offsets of the JSON objects of a frame: in an event stream, of each `data:` line that is one; else of the one
    /// from the first brace to the last, so that the commas and brackets of an array may be around it.
    static func objects(in bytes: [UInt8], isEventStream: Bool) -> [Range<Int>] {
        var candidates: [Range<Int>] = []
        if isEventStream {
            candidates = FrameLine.lines(of: bytes).filter { $0.isData(in: bytes) }.map { $0.payload(in: bytes) }
        } else if let first = bytes.firstIndex(of: UInt8(ascii: "{")),
            let last = bytes.lastIndex(of: UInt8(ascii: "}")), first < last
        {
            candidates = [first..<last + 1]
        }
        return candidates.filter { isObject(bytes[$0]) }
    }

    /// The offset after the quotation mark that opens the last piece of an answer in `object`; of the last string
    /// that is a value where none is one; nil where there is no string.
    static func textStart(in bytes: [UInt8], object: Range<Int>) -> Int? {
        var found: (text: Int?, value: Int?) = (nil, nil)
        var name = ""
        var index = object.lowerBound
        while index < object.upperBound {
            guard bytes[index] == UInt8(ascii: "\"") else {
                index += 1
                continue
            }
            let start = index + 1
            index = stringEnd(in: bytes, from: start, limit: object.upperBound)
            let content = start..<max(start, index - 1)
            while index < object.upperBound, isBlank(bytes[index]) { index += 1 }
            if index < object.upperBound, bytes[index] == UInt8(ascii: ":") {
                name = String(decoding: bytes[content], as: UTF8.self)
            } else {
                found.value = start
                if textNames.contains(name) { found.text = start }
            }
        }
        return found.text ?? found.value
    }

    private static func isObject(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else { return false }
        do {
            _ = try JSONReader.read(Array(bytes))
            return true
        } catch {
            return false
        }
    }

    /// The offset after the closing quotation mark.
    private static func stringEnd(in bytes: [UInt8], from start: Int, limit: Int) -> Int {
        var index = start
        while index < limit, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, limit)
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
