// SPDX-License-Identifier: Apache-2.0

/// The formats in which a client can ask; the raw values are their names in scenarios, configuration and logs.
public enum WireFormat: String, CaseIterable, Sendable {
    /// `/chat/stream`, ours.
    case plainStream = "plain_stream"
    /// `POST /v1/chat/completions`
    case openAIChat = "openai_chat"
    /// `POST /v1/completions`
    case openAICompletions = "openai_completions"
    /// `POST /v1/responses`
    case openAIResponses = "openai_responses"
    /// `POST /v1/messages`
    case anthropicMessages = "anthropic_messages"
    /// `POST /v1beta/models/<model>:generateContent` and `:streamGenerateContent`
    case gemini
    /// `POST /api/chat`
    case ollamaChat = "ollama_chat"
    /// `POST /api/generate`
    case ollamaGenerate = "ollama_generate"
    /// `POST /api/chat` of the Vercel AI SDK's user interface
    case uiMessageStream = "ui_message_stream"
}
