// SPDX-License-Identifier: Apache-2.0

public import Conversation
public import JSON

/// Reads text out of a delta, in the shapes of sdk-expectations.md, part 7: a string, or an array of parts.
public enum OpenAIChatDelta {
    /// Reasoning, text and refusal, in this order; none of them empty.
    public static func events(of delta: JSONValue) -> [ChatEvent] {
        var thought: [UInt8] = []
        var text: [UInt8] = []
        if let bytes = delta["content"]?.bytes { text = bytes }
        for part in delta["content"]?.array ?? [] {
            if part["type"]?.text == "thinking" {
                thought += joined(part["thinking"])
            } else {
                text += part["text"]?.bytes ?? []
            }
        }
        if let named = reasoning(of: delta) { thought = named }
        var events: [ChatEvent] = []
        if !thought.isEmpty { events.append(.reasoning(thought)) }
        if !text.isEmpty { events.append(.text(text)) }
        if let bytes = delta["refusal"]?.bytes, !bytes.isEmpty { events.append(.refusal(bytes)) }
        return events
    }

    /// Servers that send it under several names send the same under each.
    private static func reasoning(of delta: JSONValue) -> [UInt8]? {
        for name in ["reasoning_content", "reasoning"] {
            if let bytes = delta[name]?.bytes, !bytes.isEmpty { return bytes }
        }
        let details = joined(delta["reasoning_details"])
        return details.isEmpty ? nil : details
    }

    /// The text of a string, or of all items of an array of texts and summaries.
    private static func joined(_ value: JSONValue?) -> [UInt8] {
        if let bytes = value?.bytes { return bytes }
        var bytes: [UInt8] = []
        for item in value?.array ?? [] { bytes += item["text"]?.bytes ?? item["summary"]?.bytes ?? [] }
        return bytes
    }
}
