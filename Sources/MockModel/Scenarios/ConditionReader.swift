// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// Reads the `when` of a scenario.
struct ConditionReader {
    private static let keys = [
        "model", "format", "path", "last_user", "any_message", "role", "turn", "tool", "tool_result", "header",
        "api_key", "call", "streamed",
    ]
    private static let matcherKeys = ["equals", "contains", "prefix", "regex", "ignore_case"]
    private static let ordinals = 1...1_000_000_000

    /// The cheap ones first.
    private(set) var conditions: [Condition] = []
    /// Which of the requests for which all conditions hold; nil is each.
    private(set) var calls: ClosedRange<Int>?

    init(_ node: ScenarioNode) throws(ScenarioProblem) {
        let members = try node.members(known: Self.keys)
        if let node = members["streamed"] { conditions.append(.streamed(try node.flag())) }
        if let node = members["format"] {
            var formats: [WireFormat] = []
            for item in try node.itemsOrSelf() { formats.append(try item.choice(of: WireFormat.self)) }
            guard !formats.isEmpty else { throw node.problem("may not be empty") }
            conditions.append(.format(formats))
        }
        if let node = members["role"] { conditions.append(.role(try node.choice(of: ChatMessage.Role.self))) }
        if let node = members["turn"] { conditions.append(.turn(try Self.ordinals(node))) }
        if let node = members["model"] { conditions.append(.model(try Self.matcher(node))) }
        if let node = members["path"] { conditions.append(.path(try Self.matcher(node))) }
        if let node = members["api_key"] { conditions.append(.apiKey(try Self.matcher(node))) }
        if let node = members["header"] {
            for item in try node.itemsOrSelf() { conditions.append(try Self.header(item)) }
        }
        if let node = members["tool"] { conditions.append(.tool(try Self.matcherOrAny(node))) }
        if let node = members["tool_result"] { conditions.append(.toolResult(try Self.matcherOrAny(node))) }
        if let node = members["last_user"] { conditions.append(.lastUser(try Self.matcher(node))) }
        if let node = members["any_message"] {
            for item in try node.itemsOrSelf() { conditions.append(try Self.anyMessage(item)) }
        }
        calls = try members["call"].map(Self.ordinals)
    }

    /// A number, or `{from: 2, to: 4}`, either of which may be left out.
    private static func ordinals(_ node: ScenarioNode) throws(ScenarioProblem) -> ClosedRange<Int> {
        guard node.isMapping else {
            let ordinal = try node.integer(in: ordinals)
            return ordinal...ordinal
        }
        let members = try node.members(known: ["from", "to"])
        let from = try members["from"]?.integer(in: ordinals) ?? 1
        let last = try members["to"]?.integer(in: ordinals) ?? .max
        guard from <= last else { throw node.problem("\"from\" is after \"to\"") }
        return from...last
    }

    private static func header(_ node: ScenarioNode) throws(ScenarioProblem) -> Condition {
        let members = try node.members(known: ["name", "value"])
        guard let name = members["name"] else { throw node.problem("needs a \"name\"") }
        var matcher: TextMatcher?
        if let value = members["value"] { matcher = try self.matcher(value) }
        return .header(name: try name.nonEmptyText().lowercased(), matcher)
    }

    private static func anyMessage(_ node: ScenarioNode) throws(ScenarioProblem) -> Condition {
        guard node.isMapping else { return .anyMessage(try matcher(node), role: nil) }
        let members = try node.members(known: matcherKeys + ["role"])
        let role = try members["role"]?.choice(of: ChatMessage.Role.self)
        return .anyMessage(try matcher(members, node), role: role)
    }

    private static func matcherOrAny(_ node: ScenarioNode) throws(ScenarioProblem) -> TextMatcher? {
        guard let flag = node.plainFlag else { return try matcher(node) }
        guard flag else { throw node.problem("has to be a text, a matcher or true; put a tool's name in quotes") }
        return nil
    }

    // MARK: Matchers

    /// A text, which has to be equal, or a mapping of tests that all have to hold.
    private static func matcher(_ node: ScenarioNode) throws(ScenarioProblem) -> TextMatcher {
        guard node.isMapping else {
            return TextMatcher(tests: [.equals(Array(try node.text().utf8))], ignoresCase: false)
        }
        return try matcher(try node.members(known: matcherKeys), node)
    }

    private static func matcher(
        _ members: [String: ScenarioNode],
        _ node: ScenarioNode
    ) throws(ScenarioProblem) -> TextMatcher {
        let ignoresCase = try members["ignore_case"]?.flag() ?? false
        func bytes(_ node: ScenarioNode) throws(ScenarioProblem) -> [UInt8] {
            let text = try node.text()
            return ignoresCase ? Subject.folded(text) : Array(text.utf8)
        }
        var tests: [TextMatcher.Test] = []
        if let node = members["equals"] { tests.append(.equals(try bytes(node))) }
        if let node = members["prefix"] { tests.append(.prefix(try bytes(node))) }
        if let node = members["contains"] { tests.append(.contains(try bytes(node))) }
        if let node = members["regex"] {
            do {
                tests.append(.regex(try Pattern(try node.text(), ignoresCase: ignoresCase)))
            } catch let malformed as Pattern.Malformed {
                throw node.problem(malformed.message)
            } catch {
                throw node.problem("has to be text")
            }
        }
        guard !tests.isEmpty else { throw node.problem("needs one of equals, contains, prefix, regex") }
        return TextMatcher(tests: tests, ignoresCase: ignoresCase)
    }
}
