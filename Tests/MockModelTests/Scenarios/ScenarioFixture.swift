// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel

/// Scenarios and requests, made in a line.
enum ScenarioFixture {
    static let checks = ScenarioChecks(
        fault: { text in
            switch text {
            case "reset": .success([Fault(kind: .reset)])
            case "reset, comments": .success([Fault(kind: .reset), Fault(kind: .comments)])
            default: .failure(ScenarioChecks.Complaint("there is no fault \(text)"))
            }
        },
        pace: { pace in pace["rate"].flatMap { Double($0) == nil ? "rate: has to be a number" : nil } }
    )

    static func library(_ yaml: String) throws(ScenarioProblem) -> ScenarioLibrary {
        try ScenarioLibrary([ScenarioSource(path: "dir/file.yaml", text: yaml)], checks: checks)
    }

    static func book(_ yaml: String) throws(ScenarioProblem) -> ScenarioBook {
        ScenarioBook(try library(yaml))
    }

    /// A library of one scenario that answers `ok`.
    static func when(_ conditions: String) throws(ScenarioProblem) -> ScenarioBook {
        try book("- name: one\n  when: {\(conditions)}\n  reply: ok")
    }

    /// The reply of a scenario with this `reply`, written in flow style.
    static func reply(
        _ yaml: String,
        to input: ScenarioInput = input(),
        seed: UInt64 = 1
    ) throws(ScenarioProblem) -> ScenarioReply? {
        try book("- name: one\n  reply: \(yaml)").match(input, session: "", seed: seed)?.reply
    }

    static func input(_ messages: [ChatMessage], edit: (inout ScenarioInput) -> Void = { _ in }) -> ScenarioInput {
        let request = ChatRequest(model: "demo-1", messages: messages, format: .openAIChat)
        var input = ScenarioInput(request: request, path: "/v1/chat/completions", apiKey: "sk-test")
        edit(&input)
        return input
    }

    static func input(
        _ prompt: String = "the weather, please",
        edit: (inout ScenarioInput) -> Void = { _ in }
    ) -> ScenarioInput {
        input([ChatMessage(role: .user, content: prompt)], edit: edit)
    }

    /// The text that a scenario answers; nil for all else.
    static func text(_ reply: ScenarioReply?) -> String? {
        guard case .answer(let script) = reply else { return nil }
        return script.steps.reduce(into: "") { text, step in
            if case .text(let bytes) = step { text += String(decoding: bytes, as: UTF8.self) }
        }
    }
}
