// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// Gives an id to the calls and results of conversations whose format has none, such as Ollama's: OpenAI's formats
/// tell by it which result is whose.
struct OpenAICallIDs {
    private var used: Set<String> = []
    private var answered: Set<String> = []
    /// The calls so far, by the name of their tool, and all of them.
    private var callsByName: [String: ArraySlice<String>] = [:]
    private var calls: ArraySlice<String> = []
    private var count = 0

    /// The messages with an id for each call, and for each result the one of its call: of the first call of the same
    /// tool that has no result yet, else of the first call that has none. A result without a call gets an id of its
    /// own.
    static func completed(_ messages: [ChatMessage]) -> [ChatMessage] {
        let isComplete = messages.allSatisfy { message in
            message.toolCalls.allSatisfy { !$0.id.isEmpty } && (message.role != .tool || hasID(message))
        }
        guard !isComplete else { return messages }
        var ids = OpenAICallIDs()
        for message in messages { ids.used.formUnion(message.toolCalls.map(\.id)) }
        return messages.map { ids.completed($0) }
    }

    private static func hasID(_ message: ChatMessage) -> Bool {
        !(message.toolCallID ?? "").isEmpty
    }

    private mutating func completed(_ message: ChatMessage) -> ChatMessage {
        var message = message
        for index in message.toolCalls.indices {
            if message.toolCalls[index].id.isEmpty { message.toolCalls[index].id = unused() }
            let call = message.toolCalls[index]
            calls.append(call.id)
            callsByName[call.name, default: []].append(call.id)
        }
        guard message.role == .tool else { return message }
        if let id = message.toolCallID, !id.isEmpty {
            answered.insert(id)
        } else {
            message.toolCallID = unansweredCall(of: message.name) ?? unused()
        }
        return message
    }

    private mutating func unansweredCall(of name: String?) -> String? {
        if let name {
            while let id = callsByName[name]?.popFirst() {
                if answered.insert(id).inserted { return id }
            }
        }
        while let id = calls.popFirst() {
            if answered.insert(id).inserted { return id }
        }
        return nil
    }

    private mutating func unused() -> String {
        while true {
            count += 1
            let id = "call_\(count)"
            if used.insert(id).inserted { return id }
        }
    }
}
