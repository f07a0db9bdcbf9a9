// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct OpenAIChatRequestEncoderTests {
    private static func encoded(_ request: ChatRequest) -> String {
        String(decoding: OpenAIChatRequestEncoder.body(for: request, model: "m"), as: UTF8.self)
    }

    @Test
    func `a plain request has no member that it does not need`() {
        let request = ChatRequest(model: "x", messages: [ChatMessage(role: .user, content: "Hi")])
        #expect(Self.encoded(request) == #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true}"#)
    }

    @Test
    func `what is encoded is decoded to the same request`() throws {
        var request = ChatRequest(
            model: "m",
            messages: [
                ChatMessage(role: .system, content: "Be brief."),
                ChatMessage(
                    role: .user,
                    content: "Look",
                    attachments: [Attachment(kind: .image, source: "https://example.com/a.png")]
                ),
                ChatMessage(
                    role: .assistant,
                    content: "",
                    toolCalls: [ToolCall(id: "call_1", name: "look", arguments: Array(#"{"a":1}"#.utf8))]
                ),
                ChatMessage(role: .tool, content: "a cat", toolCallID: "call_1"),
            ],
            format: .openAIChat,
            wantsUsage: true
        )
        request.maximumTokens = 9
        request.stopSequences = ["END"]
        request.seed = 7
        request.tools = [ToolDefinition(name: "look", description: "Looks", parameters: .object([]))]
        request.toolChoice = .named("look")
        request.allowsParallelToolCalls = false
        request.shape = .jsonObject
        var decoded = try OpenAIChatRequest(body: OpenAIChatRequestEncoder.body(for: request, model: "m")).chat
        // A result's name is taken from its call.
        for index in decoded.messages.indices { decoded.messages[index].name = nil }
        #expect(decoded == request)
    }
}
