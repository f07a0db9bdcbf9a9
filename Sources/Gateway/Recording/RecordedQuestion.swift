// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// What a client asked, as far as a scenario can tell it from other questions.
struct RecordedQuestion: Equatable, Sendable {
    /// Of the last user message, in scalars: of a longer one a scenario looks at the beginning.
    private static let longestText = 1000

    let model: String
    let role: ChatMessage.Role?
    /// How many messages the user has written.
    let turn: Int
    /// Empty where it may not be told.
    var lastUser: String
    /// The format of clients who ask for no stream, where the answer is for them alone; nil is for all.
    var wholeFormat: WireFormat?

    init(_ chat: ChatRequest) {
        model = chat.model
        role = chat.messages.last?.role
        turn = chat.messages.count { $0.role == .user }
        lastUser = chat.lastUserText
    }

    /// The `when` of the scenario that takes the same question again, in one line.
    var condition: String {
        var members = ["model: \(Self.quoted(model))"]
        if let wholeFormat { members += ["format: \(wholeFormat.rawValue)", "streamed: false"] }
        if let role { members.append("role: \(role.rawValue)") }
        if turn > 0 { members.append("turn: \(turn)") }
        if !lastUser.isEmpty {
            let scalars = lastUser.unicodeScalars
            let isLong = scalars.count > Self.longestText
            let text = Self.quoted(String(String.UnicodeScalarView(scalars.prefix(Self.longestText))))
            members.append(isLong ? "last_user: { prefix: \(text) }" : "last_user: \(text)")
        }
        return "{ \(members.joined(separator: ", ")) }"
    }

    /// A scenario that plays a cassette beside it in answer to the question.
    /// - Parameters:
    ///   - name: Of the recording.
    ///   - condition: As ``condition`` gives it.
    ///   - isOnce: Another recording of the same question follows.
    static func scenario(playing name: String, when condition: String, isOnce: Bool) -> String {
        let times = isOnce ? "  times: 1\n" : ""
        return "- name: \(name)\n\(conditionMark)\(condition)\n\(times)  reply: { cassette: \(name).jsonl }\n"
    }

    /// What ``scenario(playing:when:isOnce:)`` was made of; nil where the text is no such scenario.
    static func condition(ofScenario text: String) -> (condition: String, isOnce: Bool)? {
        let lines = text.split(separator: "\n")
        guard lines.count >= 3, lines[1].hasPrefix(conditionMark) else { return nil }
        return (String(lines[1].dropFirst(conditionMark.count)), lines[2] == "  times: 1")
    }

    private static let conditionMark = "  when: "

    /// YAML's double-quoted form (YAML 1.1, 5.1 and 5.6), in one line.
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": out += "\\\(scalar)"
            case "\u{20}"..."\u{7E}", "\u{A0}"..."\u{2027}", "\u{202A}"..."\u{D7FF}", "\u{E000}"..."\u{FEFE}",
                "\u{FF00}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                out.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return out + "\""
    }
}
