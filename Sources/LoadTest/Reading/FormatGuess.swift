// SPDX-License-Identifier: Apache-2.0

internal import EventStream
internal import JSON

/// Tells a target's format by an event of its first answer.
enum FormatGuess {
    private static let messageTypes: Set<String> = [
        "message_start", "message_delta", "message_stop", "content_block_start", "content_block_delta",
        "content_block_stop",
    ]
    private static let partTypes: Set<String> = [
        "start", "start-step", "text-start", "text-delta", "reasoning-start", "reasoning-delta", "tool-input-start",
        "message-metadata", "finish-step",
    ]

    /// Nil where the event is the same thing in any format, such as a ping, an error or `[DONE]`: the next one tells.
    static func format(of event: [UInt8], isLines: Bool) -> StreamFormat? {
        if isLines { return .ollama }
        guard let parsed = EventLook.parse(event) else { return nil }
        if parsed.data.elementsEqual("[DONE]".utf8) || parsed.type == "ping" || parsed.type == "error" { return nil }
        let json: JSONValue
        do {
            json = try JSONReader.read(parsed.data)
        } catch {
            return .eventSource
        }
        return json.members == nil ? .eventSource : format(of: json, named: parsed.type)
    }

    /// The same of an event's JSON.
    /// - Parameter name: The event's own.
    static func format(of json: JSONValue, named name: String) -> StreamFormat? {
        isTypebars(name, json) ? .eventSource : format(of: json)
    }

    private static func isTypebars(_ name: String, _ json: JSONValue) -> Bool {
        name == "start" && json["resumed"] != nil
    }

    private static func format(of json: JSONValue) -> StreamFormat? {
        if let type = json["type"]?.text {
            if type.hasPrefix("response.") { return .openAIResponses }
            if messageTypes.contains(type) { return .anthropicMessages }
            if partTypes.contains(type) || json["errorText"] != nil { return .uiMessageStream }
            if type == "ping" { return nil }
        }
        if json["object"]?.text == "text_completion" { return .openAICompletions }
        if let choices = json["choices"]?.array {
            let isText = choices.contains { $0["delta"] == nil && $0["text"] != nil }
            return isText ? .openAICompletions : .openAIChat
        }
        for name in ["candidates", "promptFeedback", "usageMetadata"] where json[name] != nil { return .gemini }
        return EventLook.isProblem(json["error"]) ? nil : .eventSource
    }
}
