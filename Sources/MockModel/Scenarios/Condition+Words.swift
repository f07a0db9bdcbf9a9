// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension Condition: CustomStringConvertible {
    /// Headers whose values are not for others to read.
    private static let secretHeaders: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-goog-api-key",
    ]

    /// Such as `model "gpt-4o"`.
    var description: String {
        "\(key) \(expectation)"
    }

    /// Why this does not hold, in words; nil where it does. Keys are not shown.
    func failure(_ facts: ScenarioFacts) -> String? {
        switch outcome(facts) {
        case .match: nil
        case .noMatch: "\(key): expected \(expectation), got \(actual(facts))"
        case .tooManySteps: "\(key): the pattern takes too many steps to search this text: \(expectation)"
        }
    }

    private var key: String {
        switch self {
        case .format: "format"
        case .streamed: "streamed"
        case .role: "role"
        case .turn: "turn"
        case .model: "model"
        case .path: "path"
        case .header(let name, _): "header \(Excerpt.cut(name))"
        case .apiKey: "api_key"
        case .tool: "tool"
        case .toolResult: "tool_result"
        case .lastUser: "last_user"
        case .anyMessage(_, nil): "any_message"
        case .anyMessage(_, let role?): "any_message of \(role.rawValue)"
        }
    }

    private var expectation: String {
        switch self {
        case .format(let formats): formats.map(\.rawValue).joined(separator: " or ")
        case .streamed(let isStreamed): "\(isStreamed)"
        case .role(let role): role.rawValue
        case .turn(let turns): Self.words(turns)
        case .model(let matcher), .path(let matcher), .apiKey(let matcher), .lastUser(let matcher),
            .anyMessage(let matcher, _):
            matcher.description
        case .header(_, let matcher), .tool(let matcher), .toolResult(let matcher): matcher?.description ?? "any"
        }
    }

    static func words(_ range: ClosedRange<Int>) -> String {
        if range.count == 1 { return "\(range.lowerBound)" }
        return range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
    }

    private func actual(_ facts: ScenarioFacts) -> String {
        let request = facts.input.request
        return switch self {
        case .format: request.format.rawValue
        case .streamed: "\(request.isStreamed)"
        case .role: request.messages.last?.role.rawValue ?? "no message"
        case .turn: "\(facts.turn)"
        case .model: Excerpt.quoted(request.model)
        case .path: Excerpt.quoted(facts.input.path)
        case .header(let name, _): Self.list(Self.values(of: name, in: facts.input), or: "no such header")
        case .apiKey: facts.input.apiKey == nil ? "no key" : "another key"
        case .tool: Self.list(request.tools.map(\.name), or: "no tools")
        case .toolResult: Self.list(facts.input.toolResults, or: "no tool result at the end")
        case .lastUser: Excerpt.quoted(request.lastUserText)
        case .anyMessage(_, let role):
            Self.list(
                request.messages.filter { role == nil || $0.role == role }.map(\.content).reversed(),
                or: "no such message"
            )
        }
    }

    private static func values(of name: String, in input: ScenarioInput) -> [String] {
        let values = input.headers.filter { $0.name == name }.map(\.value)
        return secretHeaders.contains(name) ? values.map { _ in "(not shown)" } : values
    }

    private static func list(_ texts: [String], or none: String) -> String {
        guard !texts.isEmpty else { return none }
        return Excerpt.cut(texts.prefix(4).map(Excerpt.quoted).joined(separator: ", "))
    }
}
