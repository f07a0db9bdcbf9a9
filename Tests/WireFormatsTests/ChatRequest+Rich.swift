// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON

extension ChatRequest {
    /// A request that says something wherever the formats for upstreams all have a place for it.
    /// - Parameter format: The client's format.
    static func rich(_ format: WireFormat) throws -> ChatRequest {
        let schema = try JSONReader.read(Array(#"{"type":"object","properties":{"port":{"type":"string"}}}"#.utf8))
        let call = ToolCall(id: "t1", name: "tide", arguments: Array(#"{"port":"Oslo","n":1.50}"#.utf8))
        var chat = ChatRequest(
            model: "client-side",
            messages: [
                .init(role: .system, content: "Be \"brief\"."),
                .init(
                    role: .user,
                    content: "What is this?",
                    attachments: [.init(kind: .image, mediaType: "image/png", source: "iVBO")]
                ),
                .init(role: .assistant, content: "I look.", toolCalls: [call]),
                .init(role: .tool, content: #"{"level":"low"}"#, toolCallID: "t1", name: "tide"),
                .init(role: .assistant, content: "Low\ntide."),
                .init(role: .user, content: "And then? 🌊"),
            ],
            format: format,
            wantsUsage: true
        )
        chat.maximumTokens = 300
        chat.stopSequences = ["END", "\n\n"]
        chat.tools = [ToolDefinition(name: "tide", description: "Tells the tide.", parameters: schema)]
        chat.toolChoice = .auto
        chat.sampling.temperature = 0.5
        chat.sampling.topP = 0.25
        chat.sampling.topK = 40
        return chat
    }
}
