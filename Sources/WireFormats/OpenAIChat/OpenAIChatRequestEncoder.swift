// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// Writes a request as OpenAI's chat completions take it: `POST …/chat/completions`, streamed.
public enum OpenAIChatRequestEncoder {
    /// - Parameter model: The upstream's own name of the model.
    public static func body(for request: ChatRequest, model: String) -> [UInt8] {
        JSONText.object { text in
            text.name("model")
            text.string(model)
            text.name("messages")
            text.array { text in
                for message in request.messages {
                    text.object { text in
                        text.name("role")
                        text.string(message.role.rawValue)
                        text.name("content")
                        text.string(message.content)
                    }
                }
            }
            text.name("stream")
            text.bool(true)
            // Only when asked for: some servers that call themselves compatible refuse the option.
            if request.wantsUsage {
                text.name("stream_options")
                text.object { text in
                    text.name("include_usage")
                    text.bool(true)
                }
            }
        }
    }
}
