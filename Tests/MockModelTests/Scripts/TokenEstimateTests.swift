// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import MockModel
import Testing
import Typewriter

struct TokenEstimateTests {
    @Test(arguments: MockAnswer.allCases)
    func `an output has as many tokens as the segmenter cuts token units`(answer: MockAnswer) {
        let request = ChatRequest(model: "m", messages: [ChatMessage(role: .user, content: "one two, three")])
        let text = answer.text(for: request, seed: 1)
        let ends = TokenEstimate.tokenEnds(text)
        var expected: [Int] = []
        let segmenter = Segmenter(unit: .token)
        while case let start = expected.last ?? 0, start < text.count {
            expected.append(segmenter.unitEnd(in: text.span, from: start, isComplete: true) ?? text.count)
        }
        #expect(ends == expected)
        #expect(TokenEstimate.output(text) == ends.count)
    }

    @Test(arguments: [("", 0), ("Hello", 1), ("Hello world!", 3), ("\n\n", 1), ("1234567", 3)])
    func `the size of a token is that of a model's`(text: String, count: Int) {
        #expect(TokenEstimate.output(Array(text.utf8)) == count)
        #expect(TokenEstimate.tokenEnds(Array(text.utf8)).last ?? 0 == text.utf8.count)
    }

    @Test(arguments: [("", 3), ("a", 4), ("abcd", 4), ("abcde", 5), ("éé", 4), ("👩🏽‍💻", 7)])
    func `a message of an input has a token for each four bytes, and three more`(text: String, count: Int) {
        let message = ChatMessage(role: .user, content: text)
        #expect(TokenEstimate.input(ChatRequest(model: "m", messages: [message])) == count)
        #expect(TokenEstimate.input(ChatRequest(model: "m", messages: [message, message])) == 2 * count)
    }

    @Test
    func `images, tool calls and tools count as input`() {
        var message = ChatMessage(role: .user, content: "a")
        message.attachments = [
            Attachment(kind: .image, source: "x"), Attachment(kind: .image, source: "y"),
            Attachment(kind: .file, source: "z"),
        ]
        var request = ChatRequest(model: "m", messages: [message])
        #expect(TokenEstimate.input(request) == 4 + 170)
        request.messages[0].attachments = []
        request.messages[0].toolCalls = [ToolCall(id: "call_1", name: "abc", arguments: Array("{}".utf8))]
        #expect(TokenEstimate.input(request) == 5)
        request.tools = [ToolDefinition(name: "abc", parameters: .object([]))]
        #expect(TokenEstimate.input(request) == 5 + 8)
    }
}
