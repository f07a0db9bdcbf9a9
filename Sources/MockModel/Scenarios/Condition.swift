// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// One thing that a scenario asks of a request, whatever came before it.
enum Condition: Sendable {
    case format([WireFormat])
    case streamed(Bool)
    /// Of the last message.
    case role(ChatMessage.Role)
    /// How many messages the user has written.
    case turn(ClosedRange<Int>)
    case model(TextMatcher)
    case path(TextMatcher)
    /// The name is in lower case; without a matcher it is enough that the header is there.
    case header(name: String, TextMatcher?)
    case apiKey(TextMatcher)
    /// A tool that the request offers; nil is any.
    case tool(TextMatcher?)
    /// The tool of a result at the end of the conversation; nil is any.
    case toolResult(TextMatcher?)
    case lastUser(TextMatcher)
    /// Any message's text, or that of any message of one role.
    case anyMessage(TextMatcher, role: ChatMessage.Role?)

    func outcome(_ facts: ScenarioFacts) -> Pattern.Outcome {
        let scratch = facts.scratch
        switch self {
        case .format(let formats): return Self.outcome(formats.contains(facts.input.request.format))
        case .streamed(let isStreamed): return Self.outcome(facts.input.request.isStreamed == isStreamed)
        case .role(let role): return Self.outcome(facts.input.request.messages.last?.role == role)
        case .turn(let turns): return Self.outcome(turns.contains(facts.turn))
        case .model(let matcher): return matcher.outcome(facts.model, scratch: scratch)
        case .path(let matcher): return matcher.outcome(facts.path, scratch: scratch)
        case .apiKey(let matcher): return Self.any(facts.apiKey, matcher, scratch)
        case .header(let name, let matcher):
            return Self.any(facts.headers.lazy.filter { $0.name == name }.map(\.value), matcher, scratch)
        case .tool(let matcher): return Self.any(facts.tools, matcher, scratch)
        case .toolResult(let matcher): return Self.any(facts.toolResults, matcher, scratch)
        case .lastUser(let matcher): return matcher.outcome(facts.lastUser, scratch: scratch)
        case .anyMessage(let matcher, nil):
            return Self.any(facts.messages.lazy.map(\.text), matcher, scratch)
        case .anyMessage(let matcher, let role?):
            return Self.any(facts.messages.lazy.filter { $0.role == role }.map(\.text), matcher, scratch)
        }
    }

    private static func outcome(_ holds: Bool) -> Pattern.Outcome {
        holds ? .match : .noMatch
    }

    private static func any(
        _ subjects: some Sequence<Subject>,
        _ matcher: TextMatcher?,
        _ scratch: PatternScratch
    ) -> Pattern.Outcome {
        var outcome = Pattern.Outcome.noMatch
        for subject in subjects {
            guard let matcher else { return .match }
            switch matcher.outcome(subject, scratch: scratch) {
            case .match: return .match
            case .tooManySteps: outcome = .tooManySteps
            case .noMatch: break
            }
        }
        return outcome
    }
}
