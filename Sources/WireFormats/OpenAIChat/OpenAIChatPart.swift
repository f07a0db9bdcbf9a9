// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// A part of a message's content, as it is written (openai-chat.md 1.1).
enum OpenAIChatPart {
    case text(String)
    case image(url: String)
    case audio(base64: Substring, format: String)
    case file(data: String, name: String)
    case fileID(String)

    /// Nil where chat completions have no such part: they take files and audio as data alone, audio as WAV or MP3.
    init?(_ attachment: Attachment, from format: WireFormat) {
        guard let source = OpenAIAttachment(attachment, from: format) else { return nil }
        switch (attachment.kind, source) {
        case (_, .text(let text)): self = .text(text)
        case (.image, .address(let url)), (.image, .data(let url)): self = .image(url: url)
        case (.audio, .data):
            guard let base64 = source.base64, let format = Self.audioFormat(attachment.mediaType) else { return nil }
            self = .audio(base64: base64, format: format)
        case (.file, .data(let data)):
            self = .file(data: data, name: OpenAIAttachment.fileName(mediaType: attachment.mediaType))
        case (.file, .id(let id)): self = .fileID(id)
        case (.image, .id), (.audio, .address), (.audio, .id), (.file, .address): return nil
        }
    }

    var isText: Bool {
        if case .text = self { true } else { false }
    }

    func append(to text: inout JSONText) {
        text.object { text in
            switch self {
            case .text(let content):
                text.member("type", "text")
                text.member("text", content)
            case .image(let url):
                text.member("type", "image_url")
                text.objectMember("image_url") { $0.member("url", url) }
            case .audio(let base64, let format):
                text.member("type", "input_audio")
                text.objectMember("input_audio") { text in
                    text.member("data", String(base64))
                    text.member("format", format)
                }
            case .file(let data, let name):
                text.member("type", "file")
                text.objectMember("file") { text in
                    text.member("filename", name)
                    text.member("file_data", data)
                }
            case .fileID(let id):
                text.member("type", "file")
                text.objectMember("file") { $0.member("file_id", id) }
            }
        }
    }

    private static func audioFormat(_ mediaType: String?) -> String? {
        switch mediaType {
        case "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave": "wav"
        case "audio/mpeg", "audio/mp3": "mp3"
        default: nil
        }
    }
}
