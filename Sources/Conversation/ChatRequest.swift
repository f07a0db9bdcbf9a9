// SPDX-License-Identifier: Apache-2.0

/// What a client asks a model, whatever wire format it came in.
public struct ChatRequest: Equatable, Sendable {
    /// The model's name; what follows `?` in it has been taken off.
    public var model: String
    /// The conversation so far, oldest first; the system text, if any, is its first message.
    public var messages: [ChatMessage]
    public var format: WireFormat
    /// The answer is to come as a stream.
    public var isStreamed = true
    /// Whether token counts are asked for at the end.
    public var wantsUsage: Bool
    /// How many answers are wanted, from 1.
    public var choices = 1
    /// The most tokens that the answer may have, reasoning included.
    public var maximumTokens: Int?
    /// The client told it by `max_completion_tokens`, the newer of OpenAI chat's two names for it.
    public var usesCompletionLimit = false
    /// The answer ends before the first of these.
    public var stopSequences: [String] = []
    /// The request's own seed.
    public var seed: UInt64?
    public var tools: [ToolDefinition] = []
    public var toolChoice = ToolChoice.auto
    public var allowsParallelToolCalls = true
    public var shape = AnswerShape.text
    /// The model is asked to show what it thinks.
    public var wantsReasoning = false
    /// How much it is asked to think.
    public var reasoning = ReasoningWish()
    public var sampling = Sampling()
    /// Log probabilities are asked for: how many alternatives for each token, 0 for the token alone.
    public var topLogprobs: Int?

    public init(
        model: String,
        messages: [ChatMessage],
        format: WireFormat = .plainStream,
        wantsUsage: Bool = false
    ) {
        self.model = model
        self.messages = messages
        self.format = format
        self.wantsUsage = wantsUsage
    }

    /// The text of the last message that the user wrote; empty where there is none.
    public var lastUserText: String {
        messages.last { $0.role == .user }?.content ?? ""
    }
}
