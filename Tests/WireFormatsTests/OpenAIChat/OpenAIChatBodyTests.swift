// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import TestSupport
import Testing
import WireFormats

struct OpenAIChatBodyTests {
    @Test(arguments: [
        ("text", ""), ("tool-calls", ""), ("refusal", ""), ("reasoning", ""), ("two-choices", #","n":2"#),
        ("logprobs", #","logprobs":true,"top_logprobs":1"#),
        ("function-call", #","functions":[{"name":"find_train"}]"#),
    ])
    func `a whole answer is one body`(name: String, options: String) throws {
        let body = #"{"model":"m","messages":[{"role":"user","content":"Hei"}]\#(options)}"#
        let request = try OpenAIChatRequest(body: Array(body.utf8))
        let answer = WholeAnswer(choices: Self.choices(name), usage: OpenAITranscript.usage)
        let actual = request.body(of: answer, for: OpenAITranscript.identity)
        let golden = GoldenFile.openAIChat("body-\(name).json").bytes(replacedBy: actual)
        #expect(String(decoding: actual, as: UTF8.self) == String(decoding: golden, as: UTF8.self))
        #expect(try JSONReader.read(actual)["object"]?.text == "chat.completion")
    }

    @Test
    func `arguments that are no UTF-8 are repaired, and ends outside of the text are passed over`() throws {
        let body = #"{"model":"m","messages":[{"role":"user","content":"Hei"}],"logprobs":true}"#
        let request = try OpenAIChatRequest(body: Array(body.utf8))
        var choice = WholeAnswer.Choice()
        choice.text = Array("ab".utf8)
        choice.tokenEnds = [-1, 1, 1, 9]
        choice.toolCalls = [ToolCall(id: "c", name: "f", arguments: [0x7B, 0xFF])]
        let answer = WholeAnswer(choices: [choice], usage: OpenAITranscript.usage)
        let written = try JSONReader.read(request.body(of: answer, for: OpenAITranscript.identity))
        let message = written["choices"]?.array?.first
        let arguments = message?["message"]?["tool_calls"]?.array?.first?["function"]?["arguments"]
        #expect(arguments?.text == "{\u{FFFD}")
        #expect(message?["logprobs"]?["content"]?.array?.count == 1)
    }

    private static func choices(_ name: String) -> [WholeAnswer.Choice] {
        var choice = WholeAnswer.Choice()
        switch name {
        case "tool-calls", "function-call":
            choice.toolCalls = [
                ToolCall(id: "call_K1", name: "find_train", arguments: Array(#"{"to":"Bergen"}"#.utf8)),
                ToolCall(id: "", name: "find_ferry", arguments: Array("{}".utf8)),
            ]
            choice.finish = .toolCalls
        case "refusal":
            choice.refusal = Array("That one I leave alone.".utf8)
            choice.finish = .refusal
        case "reasoning":
            choice.reasoning = Array("Nine is three threes.".utf8)
            choice.text = Array("It is 3.".utf8)
        case "two-choices":
            choice.text = Array("Ash".utf8)
            var other = WholeAnswer.Choice()
            other.text = Array("Oak".utf8)
            other.finish = .length
            return [choice, other]
        default:
            choice.text = Array("Hei ☀️".utf8)
            choice.tokenEnds = [3, choice.text.count]
        }
        return [choice]
    }
}
