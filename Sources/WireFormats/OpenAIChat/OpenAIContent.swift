// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// The content of a message: a string, or an array of parts (openai-chat.md 1.1).
struct OpenAIContent {
    private(set) var text = ""
    private(set) var attachments: [Attachment] = []

    /// Nil where the message has none.
    /// - Parameter parts: The types of parts that the message's role may have.
    init?(of message: OpenAIFields, parts: [String]) throws(RequestProblem) {
        guard let value = message["content"] else { return nil }
        if let text = value.text {
            self.text = text
            return
        }
        guard let items = value.array else {
            let parameter = message.parameter("content")
            throw OpenAIObjection.wrongType(parameter, expected: "a string or an array of parts", value: value)
        }
        for (index, item) in items.enumerated() {
            try read(message.item(item, of: "content", at: index), parts: parts)
        }
    }

    private mutating func read(_ part: OpenAIFields, parts: [String]) throws(RequestProblem) {
        switch try part.requiredWord("type", of: parts) {
        case "text": text += try part.requiredText("text")
        case "refusal": text += try part.requiredText("refusal")
        case "image_url": attachments.append(try Self.image(part.requiredFields("image_url")))
        case "input_audio": attachments.append(try Self.audio(part.requiredFields("input_audio")))
        default: attachments.append(try Self.file(part.requiredFields("file")))
        }
    }

    private static func image(_ image: OpenAIFields) throws(RequestProblem) -> Attachment {
        let url = try image.requiredText("url")
        guard ["http://", "https://", "data:"].contains(where: url.hasPrefix) else {
            throw OpenAIObjection.invalid(image.parameter("url"), "it has to be an http, https or data URL.")
        }
        _ = try image.word("detail", of: ["auto", "low", "high", "original"])
        return Attachment(kind: .image, mediaType: mediaType(ofDataURL: url), source: url)
    }

    private static func audio(_ audio: OpenAIFields) throws(RequestProblem) -> Attachment {
        let data = try audio.requiredText("data")
        let format = try audio.requiredWord("format", of: ["wav", "mp3"])
        return Attachment(kind: .audio, mediaType: format == "wav" ? "audio/wav" : "audio/mpeg", source: data)
    }

    private static func file(_ file: OpenAIFields) throws(RequestProblem) -> Attachment {
        _ = try file.text("filename")
        if let data = try file.text("file_data") {
            return Attachment(kind: .file, mediaType: mediaType(ofDataURL: data), source: data)
        }
        guard let id = try file.text("file_id") else {
            throw OpenAIObjection.missing(file.parameter("file_id"))
        }
        return Attachment(kind: .file, source: id)
    }

    /// `image/png` of `data:image/png;base64,…`; nil where it is none, or tells no type.
    private static func mediaType(ofDataURL url: String) -> String? {
        guard url.hasPrefix("data:") else { return nil }
        let type = url.utf8.dropFirst("data:".utf8.count)
            .prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
        return type.isEmpty || type.count > 255 ? nil : String(Substring(type))
    }
}
