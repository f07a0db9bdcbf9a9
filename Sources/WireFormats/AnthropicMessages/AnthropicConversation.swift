// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Makes a conversation of the system text and the messages of a request.
///
/// The result of a tool becomes a message of its own, with the role `tool`; what else a user says beside it stays the
/// user's, in order.
struct AnthropicConversation {
    private(set) var messages: [ChatMessage] = []
    private let version: AnthropicVersion
    /// Names of the tools called so far, by the ids of the calls.
    private var toolNames: [String: String] = [:]
    /// The calls of the assistant's last turn that have no result yet, and the message they are in.
    private var unanswered: Set<String> = []
    private var callers: AnthropicField?
    private var lastSpeaker = ChatMessage.Role.user

    init(
        system: AnthropicField?,
        messages field: AnthropicField,
        version: AnthropicVersion
    ) throws(RequestProblem) {
        self.version = version
        if let system {
            let text = try AnthropicBlock.joinedText(system)
            if !text.isEmpty { messages.append(ChatMessage(role: .system, content: text)) }
        }
        let items = try field.items()
        guard !items.isEmpty else { throw field.problem("at least one message is required") }
        for item in items { try add(item.object()) }
        try checkResults()
    }

    private mutating func add(_ field: AnthropicField) throws(RequestProblem) {
        let role: ChatMessage.Role
        switch try field.required("role").word(of: ["user", "assistant", "system"]) {
        case "user": role = .user
        case "assistant": role = .assistant
        default: role = .system
        }
        if role == .assistant {
            if lastSpeaker == .user { try checkResults() }
            callers = field
        }
        if role != .system { lastSpeaker = role }
        let content = try field.required("content")
        if let text = content.value.text {
            messages.append(ChatMessage(role: role, content: text))
        } else {
            try add(content.items(), role: role)
        }
    }

    private mutating func add(_ blocks: [AnthropicField], role: ChatMessage.Role) throws(RequestProblem) {
        let count = messages.count
        var spoken = ChatMessage(role: role, content: "")
        for field in blocks {
            switch try AnthropicBlock(field, role: role, version: version) {
            case .text(let text): spoken.content += text
            case .attachment(let attachment): spoken.attachments.append(attachment)
            case .toolUse(let call):
                spoken.toolCalls.append(call)
                toolNames[call.id] = call.name
                unanswered.insert(call.id)
            case .toolResult(var result):
                addUnlessEmpty(spoken)
                spoken = ChatMessage(role: role, content: "")
                if let id = result.toolCallID {
                    result.name = toolNames[id]
                    unanswered.remove(id)
                }
                messages.append(result)
            case .thinking(let thought, let signature):
                guard role == .assistant else { break }
                // A proof holds for its own block only.
                let isFirst = spoken.reasoning.isEmpty && spoken.reasoningSignature == nil
                spoken.reasoning += thought
                spoken.reasoningSignature = isFirst && !signature.isEmpty ? signature : nil
            case .silent: break
            }
        }
        addUnlessEmpty(spoken)
        // It is a turn all the same.
        if messages.count == count { messages.append(spoken) }
    }

    private mutating func addUnlessEmpty(_ message: ChatMessage) {
        if message != ChatMessage(role: message.role, content: "") { messages.append(message) }
    }

    /// Each `tool_use` has to have its `tool_result` in the user's next turn (anthropic-messages.md, part 1).
    private func checkResults() throws(RequestProblem) {
        guard let id = unanswered.min(), let callers else { return }
        throw callers.problem("the `tool_use` \(id.prefix(64)) has no `tool_result` in the message that follows")
    }
}
