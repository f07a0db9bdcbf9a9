// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// One item of a response's output (openai-responses.md 3).
struct OpenAIResponseItem: Equatable, Sendable {
    enum Kind: Equatable {
        case message
        /// - Parameter seal: `encrypted_content`, where it is asked for.
        case reasoning(seal: String?)
        case functionCall(ToolCall)
    }

    enum Status: String {
        case inProgress = "in_progress"
        case completed
        case incomplete
    }

    let id: String
    var kind: Kind
    var status = Status.inProgress
    /// Of a message or of reasoning: the parts that are whole.
    var parts: [OpenAIResponsePart] = []

    /// The call, if this is one.
    var call: ToolCall? {
        if case .functionCall(let call) = kind { call } else { nil }
    }

    /// A message with nothing in it yet, at place `index` of the output.
    static func message(at index: Int, _ ids: OpenAIResponseIDs) -> OpenAIResponseItem {
        OpenAIResponseItem(id: ids.item("msg_", at: index), kind: .message)
    }

    /// Reasoning with nothing in it yet.
    static func reasoning(at index: Int, _ ids: OpenAIResponseIDs, isSealed: Bool) -> OpenAIResponseItem {
        OpenAIResponseItem(
            id: ids.item("rs_", at: index),
            kind: .reasoning(seal: isSealed ? ids.seal(at: index) : nil)
        )
    }

    /// A call with the arguments it has; it gets an id where it has none.
    /// - Parameter number: How many calls the answer had before.
    static func call(_ call: ToolCall, number: Int, at index: Int, _ ids: OpenAIResponseIDs) -> OpenAIResponseItem {
        let call = ToolCall(id: ids.call(call, number: number), name: call.name, arguments: call.arguments)
        return OpenAIResponseItem(id: ids.item("fc_", at: index), kind: .functionCall(call))
    }

    /// The items of an answer as far as it goes: reasoning, message, calls.
    /// - Parameter last: The status of the last one; all before it are complete.
    static func items(
        of choice: WholeAnswer.Choice,
        _ ids: OpenAIResponseIDs,
        isSealed: Bool,
        last: Status
    ) -> [OpenAIResponseItem] {
        var items: [OpenAIResponseItem] = []
        if !choice.reasoning.isEmpty {
            var item = reasoning(at: 0, ids, isSealed: isSealed)
            item.parts = [OpenAIResponsePart(kind: .summary, text: choice.reasoning)]
            items.append(item)
        }
        if !choice.text.isEmpty || !choice.refusal.isEmpty {
            var item = message(at: items.count, ids)
            if !choice.text.isEmpty { item.parts.append(OpenAIResponsePart(kind: .text, text: choice.text)) }
            if !choice.refusal.isEmpty { item.parts.append(OpenAIResponsePart(kind: .refusal, text: choice.refusal)) }
            items.append(item)
        }
        for (number, call) in choice.toolCalls.enumerated() {
            items.append(.call(call, number: number, at: items.count, ids))
        }
        for index in items.indices { items[index].status = index == items.count - 1 ? last : .completed }
        return items
    }

    func write(to json: inout JSONText) {
        json.object { json in
            json.member("id", id)
            switch kind {
            case .message:
                json.member("type", "message")
                json.member("status", status.rawValue)
                json.member("role", "assistant")
                writeParts("content", to: &json)
            case .reasoning(let seal):
                json.member("type", "reasoning")
                writeParts("summary", to: &json)
                if let seal { json.member("encrypted_content", seal) }
            case .functionCall(let call):
                json.member("type", "function_call")
                json.member("status", status.rawValue)
                json.member("arguments", call.arguments)
                json.member("call_id", call.id)
                json.member("name", call.name)
            }
        }
    }

    private func writeParts(_ name: String, to json: inout JSONText) {
        json.arrayMember(name) { json in
            for part in parts { part.write(to: &json) }
        }
    }
}
