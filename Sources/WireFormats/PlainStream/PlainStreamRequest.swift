// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// A request for a stream on `/chat/stream`: the conversation, how its frames look, and the parameters of its pace.
public struct PlainStreamRequest: Equatable, Sendable {
    /// How the text of a unit is written in a frame's data.
    public enum Format: String, CaseIterable, Sendable {
        /// The unit itself.
        case text
        /// `{"delta":"…"}`.
        case json
    }

    /// What of an upstream is shown beside its text.
    public enum NamedEvent: String, CaseIterable, Sendable {
        case reasoning
        case tool
        case usage
    }

    /// The model's name, without parameters; nil is the default.
    public var model: String?
    /// The conversation; its system text, if any, first.
    public var messages: [ChatMessage]
    public var format: Format
    public var events: Set<NamedEvent>
    /// All parameters, those of the pace among them.
    public var parameters: ParameterSet

    /// The names that this wire format reads itself.
    private static let ownNames: Set<String> = ["prompt", "model", "format", "events", "system"]

    /// The parameters that are text in a JSON body; the others may be numbers.
    private static let textNames: Set<String> = ["prompt", "model", "system", "format", "unit", "cadence"]

    /// Reads a request.
    ///
    /// The query beats the body, and the body what follows `?` in the model's name.
    /// - Parameters:
    ///   - query: As it came, percent-encoded.
    ///   - body: A JSON object; nil for a GET.
    ///   - knownNames: Parameters that others read, of the pace.
    public static func decode(
        query: String?,
        body: [UInt8]?,
        knownNames: Set<String>
    ) throws(RequestProblem) -> PlainStreamRequest {
        var parameters = try ParameterSet(query: query ?? "")
        var messages: [ChatMessage]?
        if let body {
            var members = try readObject(body)
            if let index = members.firstIndex(where: { $0.name == "messages" }) {
                messages = try readMessages(members.remove(at: index).value)
                guard !members.contains(where: { $0.name == "messages" }) else {
                    throw ParameterSet.repeated("messages")
                }
            }
            parameters.fill(from: try ParameterSet(members: members, texts: textNames, lists: ["events"]))
        }
        let model = parameters["model"].map { splitName($0) }
        if let tail = model?.tail { parameters.fill(from: try ParameterSet(query: tail)) }
        try parameters.check(known: knownNames.union(ownNames))
        return PlainStreamRequest(
            model: model?.name,
            messages: try conversation(prompt: parameters["prompt"], messages, system: parameters["system"]),
            format: try parameters.choice("format", of: Format.self) ?? .text,
            events: try parameters.choices("events", of: NamedEvent.self),
            parameters: parameters
        )
    }

    /// A model's name, and the query that may follow it after `?`.
    private static func splitName(_ text: String) -> (name: String, tail: String?) {
        guard let mark = text.firstIndex(of: "?") else { return (text, nil) }
        return (String(text[..<mark]), String(text[text.index(after: mark)...]))
    }

    private static func conversation(
        prompt: String?,
        _ messages: [ChatMessage]?,
        system: String?
    ) throws(RequestProblem) -> [ChatMessage] {
        var conversation: [ChatMessage]
        switch (prompt, messages) {
        case (.some, .some):
            throw RequestProblem(
                code: "conflicting_parameters",
                message: "Give either \"prompt\" or \"messages\", not both.",
                parameter: "prompt"
            )
        case (let prompt?, nil):
            guard !prompt.isEmpty else {
                throw RequestProblem(code: "empty_prompt", message: "\"prompt\" is empty.", parameter: "prompt")
            }
            conversation = [ChatMessage(role: .user, content: prompt)]
        case (nil, let messages?): conversation = messages
        case (nil, nil):
            throw RequestProblem(
                code: "missing_prompt",
                message: "A stream needs a \"prompt\", or \"messages\" in a JSON body.",
                parameter: "prompt"
            )
        }
        if let system { conversation.insert(ChatMessage(role: .system, content: system), at: 0) }
        return conversation
    }

    private static func readObject(_ body: [UInt8]) throws(RequestProblem) -> [JSONValue.Member] {
        guard String(validating: body, as: UTF8.self) != nil else {
            throw RequestProblem(code: "malformed_json", message: "The body is not valid UTF-8.")
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(body)
        } catch {
            throw RequestProblem(
                code: "malformed_json",
                message: "The body is not valid JSON: at byte \(error.offset), \(error.reason)."
            )
        }
        guard case .object(let members) = value else {
            throw RequestProblem(code: "malformed_json", message: "The body has to be a JSON object.")
        }
        return members
    }

    private static func readMessages(_ value: JSONValue) throws(RequestProblem) -> [ChatMessage] {
        guard let items = value.array, !items.isEmpty else {
            throw badMessage("\"messages\" has to be an array of at least one message.")
        }
        var messages: [ChatMessage] = []
        for (index, item) in items.enumerated() {
            guard case .object(let members) = item else { throw badMessage("messages[\(index)] is not an object.") }
            if let stranger = members.first(where: { $0.name != "role" && $0.name != "content" }) {
                throw badMessage("messages[\(index)] has a member \"\(stranger.name)\"; it takes role and content.")
            }
            guard members.count == 2, let role = item["role"]?.text.flatMap(ChatMessage.Role.init) else {
                let roles = ChatMessage.Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw badMessage("messages[\(index)] needs one role of \(roles), and one content.")
            }
            guard let content = item["content"]?.text else {
                throw badMessage("The content of messages[\(index)] has to be a string.")
            }
            messages.append(ChatMessage(role: role, content: content))
        }
        return messages
    }

    private static func badMessage(_ message: String) -> RequestProblem {
        RequestProblem(code: "invalid_messages", message: message, parameter: "messages")
    }
}
