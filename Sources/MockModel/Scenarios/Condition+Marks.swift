// SPDX-License-Identifier: Apache-2.0

extension Condition {
    /// Marks that each request for which this holds has; there may be none to tell.
    var marks: [Mark] {
        switch self {
        case .format(let formats): formats.count == 1 ? formats.map(Mark.format) : []
        case .streamed(let isStreamed): [.streamed(isStreamed)]
        case .role(let role): [.role(role)]
        case .turn(let turns): turns.count == 1 ? [.turn(turns.lowerBound)] : []
        case .model(let matcher): Self.fact(matcher, Mark.model)
        case .path(let matcher): Self.fact(matcher, Mark.path)
        case .apiKey(let matcher): Self.fact(matcher, Mark.apiKey)
        case .tool(let matcher): Self.fact(matcher, Mark.tool)
        case .toolResult(let matcher): Self.fact(matcher, Mark.toolResult)
        case .header(let name, let matcher): [.header(name, matcher?.onlyText)]
        case .lastUser(let matcher): Self.fact(matcher, Mark.lastUser) + matcher.literals(in: .lastUser)
        case .anyMessage(let matcher, _): matcher.literals(in: .messages)
        }
    }

    private static func fact(_ matcher: TextMatcher?, _ mark: ([UInt8]) -> Mark) -> [Mark] {
        matcher?.onlyText.map { [mark($0)] } ?? []
    }
}

extension TextMatcher {
    /// What stands in each text that this takes.
    fileprivate func literals(in place: Mark.Place) -> [Mark] {
        tests.compactMap { test in
            switch test {
            case .equals(let text), .contains(let text), .prefix(let text):
                Mark.literals([text], in: ignoresCase ? place.folded : place)
            case .regex(let pattern): pattern.literals(in: place)
            }
        }
    }
}

extension Pattern {
    private static let caselessOption = "(?i)"

    fileprivate func literals(in place: Mark.Place) -> Mark? {
        let hasOption = text.hasPrefix(Self.caselessOption)
        let literals = RequiredLiteral.alternatives(in: hasOption ? String(text.dropFirst(4)) : text)
        guard ignoresCase || hasOption else { return Mark.literals(literals, in: place) }
        return Mark.literals(literals.map(Self.caselessPart), in: place.folded)
    }

    /// Beyond ASCII the two notions of case differ, and K and S have a third form there (U+212A, U+017F).
    private static func caselessPart(of literal: [UInt8]) -> [UInt8] {
        let folded = Subject.folded(String(decoding: literal, as: UTF8.self))
        let runs = folded.split { $0 >= 0x80 || $0 == UInt8(ascii: "k") || $0 == UInt8(ascii: "s") }
        return Array(runs.max { $0.count < $1.count } ?? [])
    }
}
