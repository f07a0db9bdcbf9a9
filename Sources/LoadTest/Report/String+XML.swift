// SPDX-License-Identifier: Apache-2.0

extension String {
    /// As text, or as an attribute's value, of XML 1.0 or HTML. What XML cannot hold, escaped or not, such as NUL, becomes
    /// U+FFFD, and so does any other control but tabs and line breaks.
    var xmlEscaped: String {
        var escaped = UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            // As they are, a parser would make spaces of them in an attribute.
            case "\t", "\n", "\r": escaped.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
            case " "..."\u{7E}", "\u{A0}"..."\u{FFFD}", "\u{10000}"...: escaped.append(scalar)
            default: escaped.append("\u{FFFD}")
            }
        }
        return String(escaped)
    }
}
