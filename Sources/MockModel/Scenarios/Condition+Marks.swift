// SPDX-License-Identifier: Apache-2.0

extension Condition {
    /// Marks that each request for which this holds has; there may be none to tell.
    var marks: Set<Mark> {
        switch self {
        case .format(let formats): formats.count == 1 ? Set(formats.map(Mark.format)) : []
        case .streamed(let isStreamed): [.streamed(isStreamed)]
        case .role(let role): [.role(role)]
        case .turn(let turns): turns.count == 1 ? [.turn(turns.lowerBound)] : []
        case .model(let matcher): Self.fact(matcher, Mark.model)
        case .path(let matcher): Self.fact(matcher, Mark.path)
        case .apiKey(let matcher): Self.fact(matcher, Mark.apiKey)
        case .tool(let matcher): Self.fact(matcher, Mark.tool)
        case .toolResult(let matcher): Self.fact(matcher, Mark.toolResult)
        case .header(let name, let matcher): [.header(name, matcher?.onlyText)]
        case .lastUser(let matcher): Self.fact(matcher, Mark.lastUser).union(matcher.pairs(in: .lastUser))
        case .anyMessage(let matcher, _): matcher.pairs(in: .messages)
        }
    }

    private static func fact(_ matcher: TextMatcher?, _ mark: ([UInt8]) -> Mark) -> Set<Mark> {
        matcher?.onlyText.map { [mark($0)] } ?? []
    }
}

extension TextMatcher {
    /// The pairs of bytes in each text that this takes.
    fileprivate func pairs(in place: Mark.Place) -> Set<Mark> {
        var pairs: Set<Mark> = []
        for test in tests {
            switch test {
            case .equals(let text), .contains(let text), .prefix(let text):
                pairs.formUnion(Mark.pairs(of: text, in: ignoresCase ? place.folded : place))
            case .regex(let pattern): pairs.formUnion(pattern.pairs(in: place))
            }
        }
        return pairs
    }
}

extension Pattern {
    private static let caselessOption = "(?i)"

    fileprivate func pairs(in place: Mark.Place) -> Set<Mark> {
        let hasOption = text.hasPrefix(Self.caselessOption)
        let literal = RequiredLiteral.longest(in: hasOption ? String(text.dropFirst(4)) : text)
        guard ignoresCase || hasOption else { return Mark.pairs(of: literal, in: place) }
        // Beyond ASCII the two notions of case differ, and K and S have a third form there (U+212A, U+017F).
        let folded = Subject.folded(String(decoding: literal, as: UTF8.self))
        let runs = folded.split { $0 >= 0x80 || $0 == UInt8(ascii: "k") || $0 == UInt8(ascii: "s") }
        return runs.reduce(into: []) { $0.formUnion(Mark.pairs(of: Array($1), in: place.folded)) }
    }
}
