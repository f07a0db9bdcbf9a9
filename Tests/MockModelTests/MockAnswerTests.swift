// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import Testing

struct MockAnswerTests {
    @Test(arguments: MockAnswer.allCases)
    func `the same seed gives the same text, and it is some`(answer: MockAnswer) {
        let text = answer.text(for: Self.request("a question"), seed: 7)
        #expect(!Array(text).isEmpty)
        #expect(Array(text) == Array(answer.text(for: Self.request("a question"), seed: 7)))
    }

    @Test(arguments: ["a", "\r\n\0", "👩🏽‍💻 你好", " "])
    func `an echo is what the user said last`(prompt: String) {
        #expect(Array(MockAnswer.echo.text(for: Self.request(prompt), seed: 1)) == Array(prompt.utf8))
    }

    private static func request(_ prompt: String) -> ChatRequest {
        let messages = [
            ChatMessage(role: .user, content: "before"), ChatMessage(role: .user, content: prompt),
        ]
        return ChatRequest(
            model: "m",
            messages: messages + [ChatMessage(role: .assistant, content: "after")]
        )
    }
}
