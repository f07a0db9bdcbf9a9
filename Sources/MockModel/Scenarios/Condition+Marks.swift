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
        guard !ignoresCase else { return [] }
        var pairs: Set<Mark> = []
        for test in tests {
            switch test {
            case .equals(let text), .contains(let text), .prefix(let text):
                pairs.formUnion(Mark.pairs(of: text, in: place))
            case .regex(let pattern):
                pairs.formUnion(Mark.pairs(of: RequiredLiteral.longest(in: pattern.text), in: place))
            }
        }
        return pairs
    }
}
