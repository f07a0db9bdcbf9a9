// SPDX-License-Identifier: Apache-2.0

/// What one event of a stream is to its reader.
enum EventKind: UInt8, Sendable {
    /// Text that is shown, a refusal's too.
    case text
    /// Text of the model's reasoning.
    case reasoning
    /// A piece of a tool call's arguments.
    case toolCall
    /// A role, an empty delta, a ping, a start, a finish: no token, and no gap ends with it.
    case other
    /// Token counts, and no text.
    case usage
    /// The format's last event: `[DONE]`, `message_stop`, `response.completed`, `"done":true`. It may bear text (Ollama, Gemini).
    case end
    /// The server says that it failed.
    case failure

    /// It bears something that the answer consists of.
    var isContent: Bool { rawValue <= EventKind.toolCall.rawValue }
}
