// SPDX-License-Identifier: Apache-2.0

/// The characters that a class (`[a-z]`) or an escape (`\d`) of a regular expression stands for: of large classes some.
enum PatternClass {
    static let letters = scalars(in: "a"..."z")
    private static let digits = scalars(in: "0"..."9")
    private static let visible = scalars(in: "!"..."~")
    private static let wordScalars = scalars(in: "A"..."Z") + letters + digits + ["_"]

    /// Reads a class whose `[` has been read, up to its `]`; nil where it is not understood or empty.
    static func read(_ pattern: [Unicode.Scalar], _ index: inout Int) -> [Unicode.Scalar]? {
        var members: [Unicode.Scalar] = []
        let isNegated = index < pattern.count && pattern[index] == "^"
        if isNegated { index += 1 }
        var isFirst = true
        while index < pattern.count, isFirst || pattern[index] != "]" {
            // JavaScript, whose patterns these are, has empty classes: nothing matches them.
            if isFirst, pattern[index] == "]" { return nil }
            isFirst = false
            guard let low = readMember(pattern, &index) else { return nil }
            guard low.count == 1, index + 1 < pattern.count, pattern[index] == "-", pattern[index + 1] != "]" else {
                members += low
                continue
            }
            index += 1
            guard let high = readMember(pattern, &index), high.count == 1, low[0] <= high[0] else { return nil }
            members += scalars(in: low[0]...high[0])
        }
        guard index < pattern.count else { return nil }
        index += 1
        let all = isNegated ? (wordScalars + visible + [" "]).filter { !members.contains($0) } : members
        return all.isEmpty ? nil : all
    }

    private static func readMember(_ pattern: [Unicode.Scalar], _ index: inout Int) -> [Unicode.Scalar]? {
        guard index < pattern.count else { return nil }
        let scalar = pattern[index]
        index += 1
        return scalar == "\\" ? readEscape(pattern, &index) : [scalar]
    }

    /// Reads what follows a backslash; nil where it stands for no character that is known.
    static func readEscape(_ pattern: [Unicode.Scalar], _ index: inout Int) -> [Unicode.Scalar]? {
        guard index < pattern.count else { return nil }
        let scalar = pattern[index]
        index += 1
        switch scalar {
        case "d": return digits
        case "w": return wordScalars
        case "s": return [" "]
        case "D", "S": return letters
        case "W": return [" ", "-"]
        case "n": return ["\n"]
        case "t": return ["\t"]
        case "r": return ["\r"]
        case "x": return readHex(pattern, &index, count: 2)
        case "u": return readHex(pattern, &index, count: 4)
        case "p": return readProperty(pattern, &index)
        case "1"..."9", "a"..."z", "A"..."Z": return nil
        default: return [scalar]
        }
    }

    private static func readHex(_ pattern: [Unicode.Scalar], _ index: inout Int, count: Int) -> [Unicode.Scalar]? {
        guard index + count <= pattern.count else { return nil }
        var value: UInt32 = 0
        for scalar in pattern[index..<index + count] {
            guard let digit = Character(scalar).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        index += count
        return Unicode.Scalar(value).map { [$0] }
    }

    /// `{L}` and its like.
    private static func readProperty(_ pattern: [Unicode.Scalar], _ index: inout Int) -> [Unicode.Scalar]? {
        guard index < pattern.count, pattern[index] == "{", let end = pattern[index...].firstIndex(of: "}") else {
            return nil
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: pattern[(index + 1)..<end])
        index = end + 1
        switch String(view) {
        case "L", "Letter", "Ll", "Alphabetic": return letters
        case "Lu": return scalars(in: "A"..."Z")
        case "N", "Nd", "Number": return digits
        default: return nil
        }
    }

    /// The first 128 where there are more.
    private static func scalars(in range: ClosedRange<Unicode.Scalar>) -> [Unicode.Scalar] {
        (range.lowerBound.value...range.upperBound.value).prefix(128).compactMap(Unicode.Scalar.init)
    }
}
