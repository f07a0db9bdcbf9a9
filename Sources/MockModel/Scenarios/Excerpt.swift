// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Texts, short enough for a message.
enum Excerpt {
    private static let maximumCharacters = 80

    /// In quotes, line ends and other controls escaped.
    static func quoted(_ text: String) -> String {
        let cut = cut(text)
        var bytes: [UInt8] = []
        JSONText.appendString(Array(cut.utf8).span, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func quoted(_ bytes: [UInt8]) -> String {
        quoted(String(decoding: bytes, as: UTF8.self))
    }

    /// Counted in scalars: a single character may have any number of combining marks.
    static func cut(_ text: String) -> String {
        let excerpt = text.unicodeScalars.prefix(maximumCharacters)
        return excerpt.endIndex == text.endIndex ? text : "\(String(excerpt))…"
    }
}
