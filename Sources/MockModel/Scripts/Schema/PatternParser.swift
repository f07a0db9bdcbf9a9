// SPDX-License-Identifier: Apache-2.0

/// Reads the regular expressions that schemas use: literals, classes, groups, alternatives, repetitions. Anchors are
/// passed over. What looks ahead or back is not read.
struct PatternParser {
    /// What is not read.
    private struct Unsupported: Error {}

    private static let longest = 1_000
    private static let maximumDepth = 32
    private static let maximumCount = 4_096

    private let pattern: [Unicode.Scalar]
    private var index = 0
    private var depth = 0

    private init(_ pattern: String) {
        self.pattern = Array(pattern.unicodeScalars)
    }

    /// Nil where the pattern is not one that is read.
    static func parse(_ pattern: String) -> PatternNode? {
        var parser = PatternParser(pattern)
        guard parser.pattern.count <= longest, let node = try? parser.alternatives() else { return nil }
        return parser.index == parser.pattern.count ? node : nil
    }

    private mutating func alternatives() throws(Unsupported) -> PatternNode {
        depth += 1
        guard depth <= Self.maximumDepth else { throw Unsupported() }
        defer { depth -= 1 }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(Unsupported) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            index += 1
            if scalar == "^" || scalar == "$" { continue }
            guard let part = try atom(scalar) else { continue }
            parts.append(try repetition(of: part))
        }
        return .sequence(parts)
    }

    /// Nil for what stands for no character.
    private mutating func atom(_ scalar: Unicode.Scalar) throws(Unsupported) -> PatternNode? {
        switch scalar {
        case "(":
            if take("?") { try groupMark() }
            let inner = try alternatives()
            guard take(")") else { throw Unsupported() }
            return inner
        case "[": return .set(try known(PatternClass.read(pattern, &index)))
        case ".": return .set(PatternClass.letters)
        case "\\":
            guard let escaped = peek else { throw Unsupported() }
            if escaped == "b" || escaped == "B" {
                index += 1
                return nil
            }
            return .set(try known(PatternClass.readEscape(pattern, &index)))
        case "*", "+", "?": throw Unsupported()
        default: return .set([scalar])
        }
    }

    /// After `(?`: `:` or a name.
    private mutating func groupMark() throws(Unsupported) {
        if take(":") { return }
        _ = take("P")
        guard take("<"), let first = peek, first != "=", first != "!" else { throw Unsupported() }
        while let scalar = peek, scalar != ">" {
            guard scalar.properties.isAlphabetic || scalar == "_" || scalar.isNumeral else { throw Unsupported() }
            index += 1
        }
        guard take(">") else { throw Unsupported() }
    }

    private mutating func repetition(of part: PatternNode) throws(Unsupported) -> PatternNode {
        var node = part
        if take("*") {
            node = .repeated(part, least: 0, most: .max)
        } else if take("+") {
            node = .repeated(part, least: 1, most: .max)
        } else if take("?") {
            node = .repeated(part, least: 0, most: 1)
        } else if let counts = counts() {
            guard counts.lowerBound <= Self.maximumCount else { throw Unsupported() }
            node = .repeated(part, least: counts.lowerBound, most: counts.upperBound)
        } else {
            return part
        }
        // Whether greedy or not, the same text matches.
        if !take("?") { _ = take("+") }
        return node
    }

    /// `{n}`, `{n,}` or `{n,m}`; anything else after the brace is text.
    private mutating func counts() -> ClosedRange<Int>? {
        let start = index
        guard take("{"), let least = number() else {
            index = start
            return nil
        }
        let most = take(",") ? number() ?? .max : least
        guard take("}"), least <= most else {
            index = start
            return nil
        }
        return least...most
    }

    private mutating func number() -> Int? {
        let start = index
        while let scalar = peek, scalar.isNumeral { index += 1 }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: pattern[start..<index])
        return Int(String(view))
    }

    private func known(_ scalars: [Unicode.Scalar]?) throws(Unsupported) -> [Unicode.Scalar] {
        guard let scalars else { throw Unsupported() }
        return scalars
    }

    private var peek: Unicode.Scalar? { index < pattern.count ? pattern[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        index += 1
        return true
    }
}

extension Unicode.Scalar {
    fileprivate var isNumeral: Bool { ("0"..."9").contains(self) }
}
