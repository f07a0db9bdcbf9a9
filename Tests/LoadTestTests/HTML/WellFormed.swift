// SPDX-License-Identifier: Apache-2.0

/// Reads a page as strictly as XML, and tells the first thing that is wrong.
struct WellFormed {
    private var rest: Substring
    private var open: [String] = []
    /// All elements, in order.
    private(set) var elements: [String] = []
    /// All text, without markup.
    private(set) var text = ""

    /// What is wrong; nil: nothing.
    private(set) var fault: String?

    init(_ page: String) {
        rest = page[...]
        if rest.hasPrefix("<!DOCTYPE html>") { rest.removeFirst(15) }
        while fault == nil, !rest.isEmpty {
            if rest.first == "<" { readTag() } else { readText() }
        }
        if fault == nil, !open.isEmpty { fault = "\(open) left open" }
    }

    private mutating func readText() {
        let part = rest.prefix { $0 != "<" }
        if part.contains(">"), open.last != "style" { fault = "a bare > in \(part.prefix(80))" }
        text += checkedEntities(part)
        rest = rest.dropFirst(part.count)
    }

    private mutating func readTag() {
        guard let end = rest.firstIndex(of: ">") else {
            fault = "a tag without an end: \(rest.prefix(80))"
            return
        }
        let tag = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        if tag.first == "/" {
            let name = String(tag.dropFirst())
            if open.popLast() != name { fault = "</\(name)> closes nothing" }
        } else {
            let isEmpty = tag.last == "/"
            let name = String(tag.prefix { $0.isLetter || $0.isNumber })
            elements.append(name)
            checkAttributes(tag.dropFirst(name.count).dropLast(isEmpty ? 1 : 0))
            if name.isEmpty { fault = "no name in <\(tag)>" }
            if !isEmpty { open.append(name) }
        }
    }

    private mutating func checkAttributes(_ text: Substring) {
        var text = text
        while let start = text.firstIndex(where: { $0 != " " }) {
            text = text[start...]
            guard let equals = text.firstIndex(of: "=") else {
                fault = "an attribute without a value: \(text)"
                return
            }
            let value = text[text.index(after: equals)...]
            guard value.first == "\"", let end = value.dropFirst().firstIndex(of: "\"") else {
                fault = "an attribute without quotes: \(text)"
                return
            }
            if value[..<end].contains("<") { fault = "a bare < in \(text)" }
            _ = checkedEntities(value[..<end])
            text = value[value.index(after: end)...]
        }
    }

    private mutating func checkedEntities(_ text: Substring) -> String {
        let known = [
            "amp;": "&", "lt;": "<", "gt;": ">", "quot;": "\"", "#39;": "'", "#9;": "\t", "#10;": "\n", "#13;": "\r",
        ]
        let parts = text.split(separator: "&", omittingEmptySubsequences: false)
        var result = String(parts.first ?? "")
        for part in parts.dropFirst() {
            guard let (name, sign) = known.first(where: { part.hasPrefix($0.key) }) else {
                fault = "a bare & before \(part.prefix(20))"
                continue
            }
            result += sign + part.dropFirst(name.count)
        }
        return result
    }
}
