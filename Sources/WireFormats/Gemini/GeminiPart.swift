// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// A part of a candidate's content.
enum GeminiPart {
    case text([UInt8])
    case thought([UInt8])
    /// A call with arguments that are an object.
    case call(id: String, name: String, arguments: JSONValue)

    /// A call as Gemini tells it; nil where its arguments are no JSON object, which Gemini cannot tell.
    static func call(_ call: ToolCall, at index: Int, choice: Int, of identity: AnswerIdentity) -> GeminiPart? {
        let text = call.arguments.isEmpty ? Array("{}".utf8) : call.arguments
        guard let arguments = try? JSONReader.read(text), arguments.members != nil else { return nil }
        return .call(id: id(of: call, at: index, choice: choice, identity), name: call.name, arguments: arguments)
    }

    /// The call's own id; but those that the mock makes up in OpenAI's style are told in Google's.
    private static func id(of call: ToolCall, at index: Int, choice: Int, _ identity: AnswerIdentity) -> String {
        let prefix = "call_"
        if call.id.hasPrefix(prefix) { return "fc-" + call.id.dropFirst(prefix.count) }
        return call.id.isEmpty ? identity.name("fc-", salt: UInt64(clamping: index + 100 * choice)) : call.id
    }

    func write(to text: inout JSONText) {
        text.object { text in
            switch self {
            case .text(let bytes): text.member("text", bytes)
            case .thought(let bytes):
                text.member("text", bytes)
                text.member("thought", true)
            case .call(let id, let name, let arguments):
                text.objectMember("functionCall") { text in
                    text.member("id", id)
                    text.member("name", name)
                    text.member("args", arguments)
                }
            }
        }
    }
}
