// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON
internal import Typewriter

/// Token counts that depend on the text alone, since a mock has no tokenizer.
public enum TokenEstimate {
    private static let bytesPerToken = 4
    private static let tokensPerMessage = 3
    private static let tokensPerImage = 85
    private static let countedBytes = 256 << 10
    private static let segmenter = Segmenter(unit: .token)

    /// The tokens of text that the mock says: as many as a stream of token units has frames. Of more than 256 KiB the
    /// beginning is counted and the rest taken to be like it: an event loop must not count for long.
    /// - Parameters:
    ///   - text: Valid UTF-8.
    ///   - bytes: Only the tokens that begin before are counted.
    ///   - choices: The 256 KiB are for so many texts together.
    public static func output(_ text: [UInt8], ofFirst bytes: Int = .max, choices: Int = 1) -> Int {
        let countedBytes = max(countedBytes / max(choices, 1), 4096)
        let end = min(text.count, bytes)
        var count = 0
        var position = 0
        while position < min(end, countedBytes) {
            position = tokenEnd(in: text, from: position)
            count += 1
        }
        guard position < end else { return count }
        return Int((Double(count) * Double(end) / Double(position)).rounded())
    }

    /// Where the token of that number ends, from 1 to ``output(_:ofFirst:)``: as there, beyond 256 KiB about where.
    public static func end(ofToken number: Int, in text: [UInt8]) -> Int {
        var count = 0
        var position = 0
        while count < number, position < min(text.count, countedBytes) {
            position = tokenEnd(in: text, from: position)
            count += 1
        }
        guard count < number, position < text.count else { return position }
        var place = min(Int(Double(position) * Double(number) / Double(count)), text.count)
        while place > position, place < text.count, text[place] & 0xC0 == 0x80 { place -= 1 }
        return place
    }

    /// The byte offsets at which the tokens of `text` end, the last being its length.
    /// - Parameter text: Valid UTF-8.
    public static func tokenEnds(_ text: [UInt8]) -> [Int] {
        var ends: [Int] = []
        while case let position = ends.last ?? 0, position < text.count {
            ends.append(tokenEnd(in: text, from: position))
        }
        return ends
    }

    /// The tokens that a request is asked with: one for each four bytes of a message's text and tool calls, rounded
    /// up, and three for the message; 85 for each image; one for each four bytes of the tools as JSON.
    public static func input(_ request: ChatRequest) -> Int {
        var count = 0
        for message in request.messages {
            var bytes = message.content.utf8.count
            for call in message.toolCalls { bytes += call.name.utf8.count + call.arguments.count }
            count += tokens(ofBytes: bytes) + tokensPerMessage
            count += message.attachments.count { $0.kind == .image } * tokensPerImage
        }
        return request.tools.isEmpty ? count : count + tokens(ofBytes: json(of: request.tools).count)
    }

    private static func tokenEnd(in text: [UInt8], from start: Int) -> Int {
        let end = segmenter.unitEnd(in: text.span, from: start, isComplete: true) ?? text.count
        return max(end, start + 1)
    }

    private static func tokens(ofBytes count: Int) -> Int {
        (count + bytesPerToken - 1) / bytesPerToken
    }

    private static func json(of tools: [ToolDefinition]) -> [UInt8] {
        var text = JSONText()
        text.array { text in
            for tool in tools {
                text.object { text in
                    text.member("name", tool.name)
                    if let description = tool.description { text.member("description", description) }
                    if let parameters = tool.parameters { text.member("parameters", parameters) }
                }
            }
        }
        return text.bytes
    }
}
