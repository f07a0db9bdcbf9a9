// SPDX-License-Identifier: Apache-2.0

/// Whether text is well-formed XML 1.0, as far as documents without a DTD, comments and CDATA sections need it.
enum XMLCheck {
    /// What is wrong; nil: nothing.
    static func fault(of text: String) -> String? {
        for scalar in text.unicodeScalars where scalar.value < 0x20 && !"\t\n\r".unicodeScalars.contains(scalar) {
            return "the character \(scalar.value)"
        }
        if text.unicodeScalars.contains(where: { $0.value == 0xFFFE || $0.value == 0xFFFF }) {
            return "U+FFFE or U+FFFF"
        }
        var rest = Substring(text)
        if let end = rest.firstRange(of: "?>"), rest.hasPrefix("<?xml ") { rest = rest[end.upperBound...] }
        var open: [Substring] = []
        var hasRoot = false
        while let start = rest.firstIndex(of: "<") {
            if let fault = fault(ofContent: rest[..<start]) { return fault }
            guard let end = closing(rest[start...]) else { return "a tag without end" }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return "</\(tag)> closes another" }
                continue
            }
            guard !open.isEmpty || !hasRoot else { return "a second root" }
            hasRoot = true
            let isEmpty = tag.hasSuffix("/")
            let inner = isEmpty ? tag.dropLast() : tag
            let name = inner.prefix { $0.isLetter || $0 == "-" }
            if name.isEmpty { return "a tag without name" }
            if let fault = fault(ofAttributes: inner[name.endIndex...]) { return fault }
            if !isEmpty { open.append(name) }
        }
        guard open.isEmpty, hasRoot else { return "not closed: \(open)" }
        return rest.allSatisfy(\.isWhitespace) ? nil : "text behind the root"
    }

    /// The `>` that is not in a quoted value.
    private static func closing(_ tag: Substring) -> Substring.Index? {
        var isQuoted = false
        for index in tag.indices {
            if tag[index] == "\"" { isQuoted.toggle() }
            if tag[index] == ">", !isQuoted { return index }
        }
        return nil
    }

    private static func fault(ofAttributes text: Substring) -> String? {
        var rest = text
        var names: Set<Substring> = []
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals]
            guard name.first == " ", name.dropFirst().allSatisfy(\.isLetter), names.insert(name).inserted else {
                return "the attribute '\(name)'"
            }
            let value = rest[rest.index(after: equals)...]
            guard value.first == "\"", let end = value.dropFirst().firstIndex(of: "\"") else {
                return "no quotes at \(name)"
            }
            let content = value[value.index(after: value.startIndex)..<end]
            if content.contains("<") { return "< in \(name)" }
            if let fault = fault(ofContent: content) { return fault }
            rest = value[value.index(after: end)...]
        }
        return rest.allSatisfy { $0 == " " } ? nil : "'\(rest)' among the attributes"
    }

    private static func fault(ofContent text: Substring) -> String? {
        if text.contains("]]>") { return "]]> in text" }
        for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
            guard let end = part.firstIndex(of: ";") else { return "a bare &" }
            let name = part[..<end]
            let isKnown = ["amp", "lt", "gt", "quot", "apos"].contains(name)
            guard isKnown || (name.first == "#" && Int(name.dropFirst()) != nil) else { return "&\(name);" }
        }
        return nil
    }
}
