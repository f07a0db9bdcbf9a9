// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// What the source of an attachment is, as far as OpenAI's formats have a place for it.
enum OpenAIAttachment: Equatable {
    /// An `http` or `https` URL.
    case address(String)
    /// A `data:` URL, or base64 alone where nobody tells the media type.
    case data(String)
    /// The id of a file that was uploaded to OpenAI.
    case id(String)
    /// A document of plain text.
    case text(String)

    /// Nil where only the service that the client speaks to could make sense of it.
    /// - Parameter format: The client's format.
    init?(_ attachment: Attachment, from format: WireFormat) {
        let source = attachment.source
        if ["http://", "https://"].contains(where: source.hasPrefix) {
            self = .address(source)
        } else if source.hasPrefix("data:") {
            self = .data(source)
        } else if format == .anthropicMessages, attachment.mediaType == "text/plain" {
            // Its documents of text come as they are, all others in base64.
            self = .text(source)
        } else if attachment.mediaType == nil, source.hasPrefix("file-") || source.hasPrefix("file_") {
            guard format == .openAIChat || format == .openAIResponses else { return nil }
            self = .id(source)
        } else if source.utf8.prefix(64).contains(UInt8(ascii: ":")) {
            // Another kind of address, such as `gs://…`.
            return nil
        } else if let type = attachment.mediaType ?? Self.imageType(of: attachment) {
            self = .data("data:\(type);base64,\(source)")
        } else {
            self = .data(source)
        }
    }

    /// The base64 of data.
    var base64: Substring? {
        guard case .data(let data) = self else { return nil }
        guard data.hasPrefix("data:") else { return Substring(data) }
        guard let comma = data.utf8.firstIndex(of: UInt8(ascii: ",")), data[..<comma].hasSuffix(";base64") else {
            return nil
        }
        return data[data.utf8.index(after: comma)...]
    }

    /// What a file of this type is called: OpenAI wants a name with data.
    static func fileName(mediaType: String?) -> String {
        switch mediaType {
        case "text/plain": return "file.txt"
        case .some(let type):
            let ending = type.split(separator: "/").last ?? ""
            let isPlain = (1...8).contains(ending.utf8.count) && ending.allSatisfy { $0.isASCII && $0.isLetter }
            return isPlain ? "file.\(ending)" : "file.bin"
        case nil: return "file.pdf"
        }
    }

    /// The media type of an image in base64 that comes without, as in Ollama's format: its first bytes tell.
    private static func imageType(of attachment: Attachment) -> String? {
        guard attachment.kind == .image else { return nil }
        let starts = [("/9j/", "image/jpeg"), ("R0lGOD", "image/gif"), ("UklGR", "image/webp")]
        return starts.first { attachment.source.hasPrefix($0.0) }?.1 ?? "image/png"
    }
}
