// SPDX-License-Identifier: Apache-2.0

/// Finds text that each match of a regular expression contains.
///
/// It reads only what it is sure of: an expression with an option, a verb or an escape that it does not know has no
/// such text.
struct RequiredLiteral {
    private var reader: ExpressionReader
    private var run: [Unicode.Scalar] = []
    private var longest: [Unicode.Scalar] = []
    private var alternatives: [[UInt8]] = []

    private init(_ expression: String) {
        reader = ExpressionReader(expression)
    }

    /// The longest such text of each alternative, as UTF-8: each match contains one of them. A text may be empty;
    /// there is none at all where the expression is not understood.
    static func alternatives(in expression: String) -> [[UInt8]] {
        var literal = RequiredLiteral(expression)
        return literal.read() ? literal.alternatives : []
    }

    /// Whether the whole expression could be read.
    private mutating func read() -> Bool {
        while let scalar = reader.next() {
            switch scalar {
            case "|": endAlternative()
            case ".", "^", "$": endRun()
            case "*", "?", "{":
                // What came last may come no times.
                if !run.isEmpty { run.removeLast() }
                endRun()
                if scalar == "{", !reader.skip(past: "}") { return false }
            case "+": endRun()
            case "(":
                endRun()
                if !skipGroup() { return false }
            case ")": return false
            case "[":
                endRun()
                if !reader.skipClass() { return false }
            case "\\":
                switch reader.escape() {
                case .literal(let scalar): run.append(scalar)
                case .kind: endRun()
                case nil: return false
                }
            default: run.append(scalar)
            }
        }
        endAlternative()
        return true
    }

    private mutating func endRun() {
        if run.count > longest.count { longest = run }
        run = []
    }

    private mutating func endAlternative() {
        endRun()
        var text = String.UnicodeScalarView()
        text.append(contentsOf: longest)
        alternatives.append(Array(String(text).utf8))
        longest = []
    }

    /// Skips the rest of a group, whose opening has been read.
    private mutating func skipGroup() -> Bool {
        var depth = 1
        guard skipGroupKind() else { return false }
        while depth > 0, let scalar = reader.next() {
            switch scalar {
            case "\\": guard reader.escape() != nil else { return false }
            case "[": guard reader.skipClass() else { return false }
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
        if reader.take("?") { return reader.take(":", "=", "!", ">") }
        return reader.peek != "*"
    }
}
