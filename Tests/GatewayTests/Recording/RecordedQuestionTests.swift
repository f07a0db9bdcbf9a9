// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import TestSupport
import Testing

@testable import Gateway

struct RecordedQuestionTests {
    private static let checks = ScenarioChecks(fault: { _ in .success([]) }, pace: { _ in nil })

    /// The name of the recording that answers `chat`, of scenarios in this order.
    private static func answer(_ chat: ChatRequest, _ scenarios: [String]) throws -> String? {
        let sources = scenarios.enumerated().map { ScenarioSource(path: "/tapes/\($0.offset).yaml", text: $0.element) }
        let book = ScenarioBook(try ScenarioLibrary(sources, checks: checks))
        return book.match(ScenarioInput(request: chat, path: "/"), session: "", seed: 1)?.name
    }

    private static func chat(_ texts: [String], model: String = "m") -> ChatRequest {
        let messages = texts.enumerated().map {
            ChatMessage(role: $0.offset % 2 == 0 ? .user : .assistant, content: $0.element)
        }
        return ChatRequest(model: model, messages: messages)
    }

    private static func scenario(_ chat: ChatRequest, name: String = "tape") -> String {
        RecordedQuestion.scenario(playing: name, when: RecordedQuestion(chat).condition, isOnce: false)
    }

    @Test(arguments: [
        "Hi", "\"quoted\" \\ {{ prompt }} {a: b} # no comment", "two\nlines\r\n\tand a tab",
        "\u{0}\u{7F}\u{85}\u{2028}\u{FEFF}\u{FFFE}",
        "café 你好 👩‍👩‍👧‍👦", " - x: &a *b !c | > % @ `", "${HOME}", "", String(repeating: "é\n", count: 5000),
    ])
    func `the scenario of a recording takes the same question again, whatever it was`(text: String) throws {
        let chat = Self.chat([text], model: "a/b:c \"d\"")
        #expect(try Self.answer(chat, [Self.scenario(chat)]) == "tape")
    }

    @Test func `any text makes a scenario that is read and matches`() throws {
        var dice = Dice(seed: 4)
        for _ in 0..<300 {
            let scalars = (0..<Int.random(in: 0..<30, using: &dice)).compactMap { _ in
                Unicode.Scalar(
                    UInt32.random(
                        in: 0...([0x7F, 0x2FF, 0xFFFF, 0x10FFFF].randomElement(using: &dice) ?? 0),
                        using: &dice
                    )
                )
            }
            let chat = Self.chat([String(String.UnicodeScalarView(scalars))])
            #expect(try Self.answer(chat, [Self.scenario(chat)]) == "tape")
        }
    }

    @Test func `another model, turn or question is not taken`() throws {
        let scenario = Self.scenario(Self.chat(["a", "b", "c"]))
        #expect(try Self.answer(Self.chat(["x", "y", "c"]), [scenario]) == "tape")
        for other in [Self.chat(["a", "b", "c"], model: "n"), Self.chat(["c"]), Self.chat(["a", "b", "d"])] {
            #expect(try Self.answer(other, [scenario]) == nil)
        }
    }

    @Test func `a whole answer is for clients of its format who do not stream`() throws {
        var chat = Self.chat(["a"])
        var question = RecordedQuestion(chat)
        question.wholeFormat = .gemini
        let scenario = RecordedQuestion.scenario(playing: "tape", when: question.condition, isOnce: false)
        #expect(try Self.answer(chat, [scenario]) == nil)
        chat.format = .gemini
        #expect(try Self.answer(chat, [scenario]) == nil)
        chat.isStreamed = false
        #expect(try Self.answer(chat, [scenario]) == "tape")
    }

    @Test func `what a scenario was made of is found in it`() {
        let condition = RecordedQuestion(Self.chat(["a\nb"])).condition
        for isOnce in [false, true] {
            let text = RecordedQuestion.scenario(playing: "n", when: condition, isOnce: isOnce)
            let found = RecordedQuestion.condition(ofScenario: text)
            #expect(found?.condition == condition && found?.isOnce == isOnce)
        }
        #expect(RecordedQuestion.condition(ofScenario: "- name: mine\n  reply: Hi\n") == nil)
        #expect(RecordedQuestion.condition(ofScenario: "") == nil)
    }
}
