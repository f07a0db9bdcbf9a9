// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// The `content` of a message, or the `output` of a function call: a string, or parts (openai-responses.md 2.1).
struct OpenAIResponsesContent {
    private static let types = [
        "input_text", "input_image", "input_file", "input_audio", "output_text", "refusal",
    ]

    /// The text of all parts, one after the other.
    private(set) var text = ""
    private(set) var attachments: [Attachment] = []

    /// Reads the member `name` of `fields`, which has to be there.
    init(_ name: String, of fields: OpenAIFields) throws(RequestProblem) {
        let path = fields.parameter(name)
        guard let value = fields[name] else { throw OpenAIObjection.missing(path) }
        if let text = value.text {
            self.text = text
            return
        }
        guard let parts = value.array else {
            throw OpenAIObjection.wrongType(path, expected: "a string or an array of parts", value: value)
        }
        for (index, part) in parts.enumerated() { try read(fields.item(part, of: name, at: index)) }
    }

    private mutating func read(_ part: OpenAIFields) throws(RequestProblem) {
        switch try part.requiredWord("type", of: Self.types) {
        case "refusal": text += try part.requiredText("refusal")
        case "input_image": try attach(.image, one: ["image_url", "file_id"], of: part)
        case "input_file": try attach(.file, one: ["file_data", "file_id", "file_url"], of: part)
        case "input_audio":
            let audio = try part.requiredFields("input_audio")
            let mediaType = try audio.text("format").map { "audio/\($0)" }
            let data = try audio.requiredText("data")
            attachments.append(Attachment(kind: .audio, mediaType: mediaType, source: data))
        default: text += try part.requiredText("text")
        }
    }

    /// - Parameter names: The members that may tell where the attachment is: the first that is given does.
    private mutating func attach(
        _ kind: Attachment.Kind,
        one names: [String],
        of part: OpenAIFields
    ) throws(RequestProblem) {
        for name in names {
            guard let source = try part.text(name) else { continue }
            attachments.append(Attachment(kind: kind, mediaType: Self.mediaType(of: source), source: source))
            return
        }
        throw OpenAIObjection.missing(part.parameter(names[0]))
    }

    /// `image/png` of `data:image/png;base64,…`; nil for other addresses.
    private static func mediaType(of address: String) -> String? {
        let bytes = address.utf8
        guard bytes.starts(with: "data:".utf8),
            let end = bytes.firstIndex(where: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ",") })
        else { return nil }
        let type = address[..<end].dropFirst(5)
        return type.isEmpty ? nil : String(type)
    }
}
