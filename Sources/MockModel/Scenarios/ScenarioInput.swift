// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// A request, as scenarios look at it.
public struct ScenarioInput: Sendable {
    public var request: ChatRequest
    /// The path of the target, without the query.
    public var path: String
    /// Names in lower case; a name may come more than once.
    public var headers: [(name: String, value: String)]
    public var apiKey: String?
    /// Unix time in nanoseconds, for `{{ now }}`.
    public var now: Int64

    public init(
        request: ChatRequest,
        path: String,
        headers: [(name: String, value: String)] = [],
        apiKey: String? = nil,
        now: Int64 = 0
    ) {
        self.request = request
        self.path = path
        self.headers = headers
        self.apiKey = apiKey
        self.now = now
    }

    /// How many messages the user has written.
    var turn: Int { request.messages.count { $0.role == .user } }

    /// The names of the tools whose results end the conversation: a model may have called several at once.
    ///
    /// A result without a name (`openai-chat.md`: only `tool_call_id`) has that of the call it answers; where that is
    /// not in the conversation either, the name is empty.
    var toolResults: [String] {
        let results = request.messages.reversed().prefix { $0.role == .tool }
        guard !results.isEmpty else { return [] }
        var names: [String: String] = [:]
        for message in request.messages {
            for call in message.toolCalls { names[call.id] = call.name }
        }
        return results.reversed().map { $0.name ?? $0.toolCallID.flatMap { names[$0] } ?? "" }
    }
}
