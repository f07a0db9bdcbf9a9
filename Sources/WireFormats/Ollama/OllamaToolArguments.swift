// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Reads what a model wrote as arguments: Ollama tells them as an object, never as text.
enum OllamaToolArguments {
    private static let none = JSONValue.object([])

    /// The object; nil where the text is none.
    static func object(_ text: [UInt8]) -> JSONValue? {
        guard !text.isEmpty else { return none }
        guard let value = try? JSONReader.read(text), value.members != nil else { return nil }
        return value
    }

    /// A call that cannot be told as one, as text of the answer: Ollama too leaves what it cannot read in the text.
    static func text(of call: ToolCall) -> [UInt8] {
        Array(#"{"name":"#.utf8) + JSONValue.string(Array(call.name.utf8)).jsonBytes + Array(#","arguments":"#.utf8)
            + Array(String(decoding: call.arguments, as: UTF8.self).utf8) + [UInt8(ascii: "}")]
    }
}
