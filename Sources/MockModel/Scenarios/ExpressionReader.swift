// SPDX-License-Identifier: Apache-2.0

/// Reads a regular expression scalar by scalar, as far as it is surely understood.
struct ExpressionReader {
    enum Escape {
        /// The scalar itself.
        case literal(Unicode.Scalar)
        /// A kind of character, or a place.
        case kind
    }

    private static let kinds: Set<Unicode.Scalar> = [
        "d", "D", "w", "W", "s", "S", "h", "H", "v", "V", "R", "b", "B", "A", "z", "Z",
    ]

    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ expression: String) {
        scalars = Array(expression.unicodeScalars)
    }

    var count: Int { scalars.count }
    var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek else { return nil }
        index += 1
        return scalar
    }

    /// Reads one scalar if it is among `scalars`.
    mutating func take(_ scalars: Unicode.Scalar...) -> Bool {
        guard let scalar = peek, scalars.contains(scalar) else { return false }
        index += 1
        return true
    }

    /// Reads what follows a backslash; nil where its meaning is not known.
    mutating func escape() -> Escape? {
        guard let scalar = next() else { return nil }
        if Self.kinds.contains(scalar) { return .kind }
        return Self.standsForItself(scalar) ? .literal(scalar) : nil
    }

    /// Skips the rest of a character class, whose opening has been read; false where it is not understood.
    mutating func skipClass() -> Bool {
        _ = take("^")
        // A bracket that comes first is a member.
        _ = take("]")
        while let scalar = next() {
            switch scalar {
            case "]": return true
            case "\\": guard escape() != nil else { return false }
            case "[": return false
            default: break
            }
        }
        return false
    }

    mutating func skip(past end: Unicode.Scalar) -> Bool {
        while let scalar = next() {
            if scalar == end { return true }
        }
        return false
    }

    /// Whether a backslash before `scalar` only takes its meaning away.
    private static func standsForItself(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar)
    }
}
