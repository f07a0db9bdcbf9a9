// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// What the streams of a target look like. The raw values are those of `--format`, and the same as elsewhere in typebar.
public enum StreamFormat: String, CaseIterable, Sendable {
    /// Any `text/event-stream` whose events are text: typebar's `/chat/stream`, or whatever an `EventSource` reads.
    case eventSource = "event_source"
    case openAIChat = "openai_chat"
    case openAICompletions = "openai_completions"
    case openAIResponses = "openai_responses"
    case anthropicMessages = "anthropic_messages"
    case gemini
    /// `POST /api/chat` and `/api/generate`: a JSON object a line.
    case ollama
    case uiMessageStream = "ui_message_stream"

    /// The format whose parser reads it; nil where any text is an event's.
    public var wireFormat: WireFormat? {
        switch self {
        case .eventSource: nil
        case .openAIChat: .openAIChat
        case .openAICompletions: .openAICompletions
        case .openAIResponses: .openAIResponses
        case .anthropicMessages: .anthropicMessages
        case .gemini: .gemini
        case .ollama: .ollamaChat
        case .uiMessageStream: .uiMessageStream
        }
    }
}
