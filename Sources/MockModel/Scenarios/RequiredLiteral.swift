// SPDX-License-Identifier: Apache-2.0

/// Finds text that each match of a regular expression contains.
///
/// It reads only what it is sure of: an expression with an alternative, an option, a verb or an escape that it does not
/// know has no such text.
struct RequiredLiteral {
    /// Escapes for a kind of character or a place, which no text follows.
    private static let classes: Set<Unicode.Scalar> = [
        "d", "D", "w", "W", "s", "S", "h", "H", "v", "V", "R", "b", "B", "A", "z", "Z",
    ]

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var run: [Unicode.Scalar] = []
    private var longest: [Unicode.Scalar] = []

    private init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// The longest such text, as UTF-8; empty where there is none.
    static func longest(in expression: String) -> [UInt8] {
        var reader = RequiredLiteral(expression)
        guard reader.read() else { return [] }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: reader.longest)
        return Array(String(text).utf8)
    }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    /// Whether the whole expression could be read.
    private mutating func read() -> Bool {
        while let scalar = peek {
            index += 1
            switch scalar {
            case "|": return false
            case ".", "^", "$": endRun()
            case "*", "?", "{":
                // What came last may come no times.
                if !run.isEmpty { run.removeLast() }
                endRun()
                if scalar == "{", !skip(past: "}") { return false }
            case "+": endRun()
            case "(":
                endRun()
                if !skipGroup() { return false }
            case ")": return false
            case "[":
                endRun()
                if !skipClass() { return false }
            case "\\":
                guard readEscape(intoRun: true) else { return false }
            default: run.append(scalar)
            }
        }
        endRun()
        return true
    }

    private mutating func endRun() {
        if run.count > longest.count { longest = run }
        run = []
    }

    /// Reads what follows a backslash.
    private mutating func readEscape(intoRun: Bool) -> Bool {
        guard let scalar = peek else { return false }
        index += 1
        if Self.classes.contains(scalar) {
            if intoRun { endRun() }
            return true
        }
        guard Self.standsForItself(scalar) else { return false }
        if intoRun { run.append(scalar) }
        return true
    }

    /// Whether a backslash before `scalar` only takes its meaning away.
    private static func standsForItself(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar)
    }

    /// Skips the rest of a group, whose opening has been read.
    private mutating func skipGroup() -> Bool {
        var depth = 1
        guard skipGroupKind() else { return false }
        while depth > 0, let scalar = peek {
            index += 1
            switch scalar {
            case "\\": guard readEscape(intoRun: false) else { return false }
            case "[": guard skipClass() else { return false }
            case "(":
                depth += 1
                guard skipGroupKind() else { return false }
            case ")": depth -= 1
            default: break
            }
        }
        return depth == 0
    }

    /// Plain groups, those without a number, and what looks ahead; all others may change what the rest means.
    private mutating func skipGroupKind() -> Bool {
        guard peek == "?" || peek == "*" else { return true }
        guard peek == "?" else { return false }
        index += 1
        guard let kind = peek, [":", "=", "!", ">"].contains(kind) else { return false }
        index += 1
        return true
    }

    /// Skips the rest of a character class, whose opening has been read.
    private mutating func skipClass() -> Bool {
        if peek == "^" { index += 1 }
        // A bracket that comes first is a member.
        if peek == "]" { index += 1 }
        while let scalar = peek {
            index += 1
            switch scalar {
            case "]": return true
            case "\\": guard readEscape(intoRun: false) else { return false }
            case "[": return false
            default: break
            }
        }
        return false
    }

    private mutating func skip(past end: Unicode.Scalar) -> Bool {
        while let scalar = peek {
            index += 1
            if scalar == end { return true }
        }
        return false
    }
}
