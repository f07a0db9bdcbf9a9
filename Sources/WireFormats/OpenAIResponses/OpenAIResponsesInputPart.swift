// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// A part of a message, or of a call's output, as it is written (openai-responses.md 2.1).
///
/// OpenAI's SDKs hold an image's `detail` to be required.
enum OpenAIResponsesInputPart {
    case text(String)
    case image(url: String)
    case imageID(String)
    case file(data: String, name: String)
    case fileID(String)
    case fileAddress(String)

    /// Nil where Responses have no such part: they take no audio.
    init?(_ attachment: Attachment, from format: WireFormat) {
        guard let source = OpenAIAttachment(attachment, from: format) else { return nil }
        switch (attachment.kind, source) {
        case (_, .text(let text)): self = .text(text)
        case (.image, .address(let url)), (.image, .data(let url)): self = .image(url: url)
        case (.image, .id(let id)): self = .imageID(id)
        case (.file, .address(let url)): self = .fileAddress(url)
        case (.file, .data(let data)):
            self = .file(data: data, name: OpenAIAttachment.fileName(mediaType: attachment.mediaType))
        case (.file, .id(let id)): self = .fileID(id)
        case (.audio, _): return nil
        }
    }

    func append(to text: inout JSONText) {
        text.object { text in
            switch self {
            case .text(let content):
                text.member("type", "input_text")
                text.member("text", content)
            case .image(let url):
                text.member("type", "input_image")
                text.member("image_url", url)
                text.member("detail", "auto")
            case .imageID(let id):
                text.member("type", "input_image")
                text.member("file_id", id)
                text.member("detail", "auto")
            case .file(let data, let name):
                text.member("type", "input_file")
                text.member("filename", name)
                text.member("file_data", data)
            case .fileID(let id):
                text.member("type", "input_file")
                text.member("file_id", id)
            case .fileAddress(let url):
                text.member("type", "input_file")
                text.member("file_url", url)
            }
        }
    }
}
