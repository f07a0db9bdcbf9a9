// SPDX-License-Identifier: Apache-2.0

extension OpenAIAttachment {
    /// `image/png` of `data:image/png;base64,…`; nil where none is told.
    var mediaType: String? {
        guard case .data(let data) = self, data.hasPrefix("data:") else { return nil }
        let type = data.utf8.dropFirst("data:".utf8.count)
            .prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
        return type.isEmpty || type.count > 255 ? nil : String(Substring(type))
    }
}
