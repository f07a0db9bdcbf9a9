// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Typewriter

/// Reads the `reply` of a scenario.
struct ReplyReader {
    private static let keys = [
        "text", "reasoning", "tool_call", "refusal", "pause", "usage", "fault", "finish", "cassette", "mock",
    ]
    /// What a step may have beside its own key.
    private static let problemKeys = ["status", "retry_after", "message", "code"]
    private static let finishes: [(name: String, reason: FinishReason)] = [
        ("stop", .stop), ("length", .length), ("tool_calls", .toolCalls), ("content_filter", .contentFilter),
        ("refusal", .refusal),
    ]
    private static let longestPause = 3_600_000.0

    private let checks: ScenarioChecks
    private var steps: [ReplyPlan.Step] = []
    private var finish: FinishReason?
    private var usage: Usage?

    private init(_ checks: ScenarioChecks) {
        self.checks = checks
    }

    static func read(_ node: ScenarioNode, checks: ScenarioChecks) throws(ScenarioProblem) -> ReplyPlan {
        if !node.isMapping, !node.isList {
            return .steps([.text(try node.template())], finish: .stop, usage: nil)
        }
        let items = try node.itemsOrSelf()
        var reader = ReplyReader(checks)
        for item in items {
            let members = try item.members(known: Self.keys + Self.problemKeys)
            if let plan = try wholeReply(members, item) {
                guard items.count == 1 else { throw item.problem("has to be the only step of its reply") }
                return plan
            }
            guard members.count == 1, let (key, value) = members.first else {
                throw item.problem("has to be one step, such as \"text: Hello\"")
            }
            try reader.add(key, value)
        }
        return .steps(reader.steps, finish: reader.finish ?? reader.impliedFinish, usage: reader.usage)
    }

    // MARK: Replies of one step

    private static func wholeReply(
        _ members: [String: ScenarioNode],
        _ item: ScenarioNode
    ) throws(ScenarioProblem) -> ReplyPlan? {
        if members["status"] != nil { return try problem(item) }
        for (name, member) in members where ["retry_after", "message", "code"].contains(name) {
            throw member.problem("needs a \"status\" beside it")
        }
        guard members.count == 1 else { return nil }
        if let node = members["cassette"] { return try cassette(node) }
        if let node = members["mock"] { return .builtIn(try node.choice(of: MockAnswer.self)) }
        return nil
    }

    /// Either `status: 429` with its companions beside it, or a mapping of them under `status`.
    private static func problem(_ item: ScenarioNode) throws(ScenarioProblem) -> ReplyPlan {
        var members = try item.members(known: problemKeys)
        if let inner = members["status"], inner.isMapping {
            guard members.count == 1 else { throw item.problem("has its details either in \"status\" or beside it") }
            members = try inner.members(known: problemKeys)
        }
        guard let status = members["status"] else { throw item.problem("needs a \"status\"") }
        return .problem(
            status: try status.integer(in: 400...599),
            code: try members["code"]?.template(),
            message: try members["message"]?.template(),
            retryAfter: try members["retry_after"]?.decimal(in: 0...86_400)
        )
    }

    private static func cassette(_ node: ScenarioNode) throws(ScenarioProblem) -> ReplyPlan {
        guard node.isMapping else {
            return .cassette(path: resolved(try node.nonEmptyText(), node.source), isRaw: nil, speed: nil)
        }
        let members = try node.members(known: ["file", "as", "speed"])
        guard let file = members["file"] else { throw node.problem("needs a \"file\"") }
        var isRaw: Bool?
        if let form = members["as"] {
            guard ["raw", "events"].contains(try form.text()) else { throw form.problem("has to be raw or events") }
            isRaw = try form.text() == "raw"
        }
        let speed = try members["speed"]?.decimal(in: 0...1000)
        return .cassette(path: resolved(try file.nonEmptyText(), node.source), isRaw: isRaw, speed: speed)
    }

    /// `path`, which is relative to the file `source`.
    private static func resolved(_ path: String, _ source: String) -> String {
        guard !path.hasPrefix("/"), let slash = source.lastIndex(of: "/") else { return path }
        return String(source[...slash]) + path
    }

    // MARK: Steps

    private mutating func add(_ key: String, _ value: ScenarioNode) throws(ScenarioProblem) {
        switch key {
        case "text": steps.append(.text(try value.template()))
        case "reasoning": steps.append(.reasoning(try value.template()))
        case "refusal": steps.append(.refusal(try value.template()))
        case "tool_call": steps.append(try Self.toolCall(value))
        case "pause":
            let milliseconds = try value.decimal(in: 0...Self.longestPause)
            steps.append(.pause(Nanoseconds(milliseconds * Double(Nanoseconds.millisecond))))
        case "fault":
            switch checks.fault(try value.text()) {
            case .success(let faults): steps.append(.faults(faults))
            case .failure(let complaint): throw value.problem(complaint.message)
            }
        case "usage":
            guard usage == nil else { throw value.problem("is given twice in this reply") }
            usage = try Self.usage(value)
        default:
            guard finish == nil else { throw value.problem("is given twice in this reply") }
            finish = try Self.finish(value)
        }
    }

    private static func toolCall(_ node: ScenarioNode) throws(ScenarioProblem) -> ReplyPlan.Step {
        let members = try node.members(known: ["name", "arguments", "id"])
        guard let name = members["name"] else { throw node.problem("needs a \"name\"") }
        var arguments = Template()
        if let given = members["arguments"], !given.isNull {
            arguments = try given.arguments()
        } else {
            arguments.append("{}")
        }
        return .toolCall(name: try name.nonEmptyText(), arguments: arguments, id: try members["id"]?.nonEmptyText())
    }

    private static func usage(_ node: ScenarioNode) throws(ScenarioProblem) -> Usage {
        let members = try node.members(
            known: ["input_tokens", "output_tokens", "reasoning_tokens", "cached_tokens"]
        )
        func count(_ name: String) throws(ScenarioProblem) -> Int {
            try members[name]?.integer(in: 0...1_000_000_000) ?? 0
        }
        return Usage(
            inputTokens: try count("input_tokens"),
            outputTokens: try count("output_tokens"),
            reasoningTokens: try count("reasoning_tokens"),
            cachedTokens: try count("cached_tokens")
        )
    }

    private static func finish(_ node: ScenarioNode) throws(ScenarioProblem) -> FinishReason {
        let name = try node.text()
        guard let finish = finishes.first(where: { $0.name == name }) else {
            throw node.problem("has to be one of \(finishes.map(\.name).joined(separator: ", "))")
        }
        return finish.reason
    }

    /// What a model that has said all this ends with.
    private var impliedFinish: FinishReason {
        var implied = FinishReason.stop
        for step in steps {
            switch step {
            case .toolCall: return .toolCalls
            case .refusal: implied = .refusal
            default: break
            }
        }
        return implied
    }
}
