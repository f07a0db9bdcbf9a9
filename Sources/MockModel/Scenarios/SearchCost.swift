// SPDX-License-Identifier: Apache-2.0

/// What a search for a regular expression costs at most, told from the expression alone.
///
/// Characters, classes, groups and `?` can be tried in so many ways at each place of a text, however long that is.
/// What may repeat can be tried in as many ways as the text is long, save at the end: nothing fails behind it.
struct SearchCost {
    private static let maximumWays = 1000
    private static let maximumDepth = 32

    private var reader: ExpressionReader

    /// Steps for each byte of the text; nil where that has no bound or the expression is not understood.
    static func perByte(of expression: String) -> Int? {
        var cost = SearchCost(reader: ExpressionReader(expression))
        return cost.ways(depth: 0).map { $0 * max(1, cost.reader.count) }
    }

    /// In how many ways the alternatives up to the end of a group, or of the whole, can be tried.
    private mutating func ways(depth: Int) -> Int? {
        var sum = 0
        var product = 1
        while let scalar = reader.next() {
            if scalar == ")" { return depth > 0 ? sum + product : nil }
            if scalar == "|" {
                sum += product
                product = 1
                continue
            }
            guard let item = itemWays(scalar, depth), let all = repeated(item, isLast: depth == 0) else { return nil }
            product *= all
            guard sum + product <= Self.maximumWays else { return nil }
        }
        return depth == 0 ? sum + product : nil
    }

    /// Reads the rest of an item, which begins with `scalar`.
    private mutating func itemWays(_ scalar: Unicode.Scalar, _ depth: Int) -> Int? {
        switch scalar {
        case "(":
            guard depth < Self.maximumDepth, reader.peek != "*" else { return nil }
            if reader.take("?"), !reader.take(":") { return nil }
            return ways(depth: depth + 1)
        case "[": return reader.skipClass() ? 1 : nil
        case "\\": return reader.escape() == nil ? nil : 1
        case "*", "+", "?", "{": return nil
        default: return 1
        }
    }

    /// Reads what tells how often an item comes.
    private mutating func repeated(_ ways: Int, isLast: Bool) -> Int? {
        if reader.take("?") {
            _ = reader.take("?", "+")
            return ways + 1
        }
        guard reader.take("*", "+") else { return reader.peek == "{" ? nil : ways }
        return isLast && ways == 1 && (reader.peek == nil || reader.peek == "|") ? ways : nil
    }
}
