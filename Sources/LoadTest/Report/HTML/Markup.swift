// SPDX-License-Identifier: Apache-2.0

/// Writes HTML that is well-formed XML as well: what is opened is closed, and all text is escaped.
struct Markup: Sendable {
    typealias Attributes = KeyValuePairs<String, String>

    private(set) var text = ""

    mutating func element(_ name: String, _ attributes: Attributes = [:], _ body: (inout Markup) -> Void) {
        open(name, attributes)
        text += ">"
        body(&self)
        text += "</\(name)>"
    }

    mutating func element(_ name: String, _ attributes: Attributes, _ content: String) {
        element(name, attributes) { $0.write(content) }
    }

    mutating func element(_ name: String, _ content: String) {
        element(name, [:]) { $0.write(content) }
    }

    /// An element of SVG, or one of HTML that never has content (`meta`).
    mutating func empty(_ name: String, _ attributes: Attributes = [:]) {
        open(name, attributes)
        text += "/>"
    }

    /// Text as a reader is to see it.
    mutating func write(_ content: String) {
        text += content.xmlEscaped
    }

    mutating func append(_ other: Markup) {
        text += other.text
    }

    /// A document's first line, or a style sheet: bytes that are ours, and no one else's.
    mutating func raw(_ content: StaticString) {
        text += "\(content)"
    }

    /// An empty attribute would say nothing.
    private mutating func open(_ name: String, _ attributes: Attributes) {
        text += "<\(name)"
        for (name, value) in attributes where !value.isEmpty { text += " \(name)=\"\(value.xmlEscaped)\"" }
    }
}
