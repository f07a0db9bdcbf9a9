// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// A request of the Vercel AI SDK's user interface: `POST /api/chat` (ai-sdk-ui-stream.md, part 1).
///
/// The protocol has streams only, so ``chat`` is always to be streamed. ``ChatRequest/wantsUsage`` is off: the
/// protocol has no place for token counts; where it is set, they are metadata of the message.
public struct UIMessageStreamRequest: WireRequest {
    /// The model is empty where the body names none.
    public var chat: ChatRequest
    /// The chat's own id, by which `GET /api/chat/<id>/stream` asks for the answer again.
    public let chatID: String?
    /// The id of the assistant's message that the answer goes on with; nil where it is a new one.
    private let continuedID: String?

    public init(body: [UInt8]) throws(RequestProblem) {
        let body = try BodyField(body: body)
        chatID = try body.optional("id")?.text()
        let model = try body.optional("model")?.text() ?? ""
        let fields = try Self.messages(body)
        var reader = UIMessageReader()
        for field in fields { try reader.read(field) }
        chat = ChatRequest(model: model, messages: reader.messages, format: .uiMessageStream)
        chat.isStreamed = true
        // The client makes a second message of an answer that comes under another id than its last one's.
        let last = fields.last
        continuedID = last?.value["role"]?.text == "assistant" ? try last?.optional("id")?.text() : nil
    }

    /// Tells a body of this protocol from one of Ollama's, which may come to the same path: messages with parts, or
    /// none that names a model.
    public static func isUIMessageBody(_ body: [UInt8]) -> Bool {
        guard let value = try? JSONReader.read(body), value.members != nil else { return false }
        let messages = (value["messages"]?.array ?? []) + [value["message"] ?? .null]
        if messages.contains(where: { $0["parts"]?.array != nil }) { return true }
        return value["model"] == nil && (value["trigger"] != nil || value["id"] != nil)
    }

    public var streamType: String { "text/event-stream" }

    public var fields: [(name: String, value: String)] { [("x-vercel-ai-ui-message-stream", "v1")] }

    public func renderer(for identity: AnswerIdentity) -> any AnswerRenderer { uiRenderer(for: identity) }

    /// The stream as one body: the protocol has no other.
    public func body(of answer: WholeAnswer, for identity: AnswerIdentity) -> [UInt8] {
        let choice = answer.choices.first ?? WholeAnswer.Choice()
        var renderer = uiRenderer(for: identity)
        var frames = FrameBuffer()
        renderer.begin(into: &frames)
        let pieces: [(AnswerPiece, [UInt8])] = [
            (.reasoning, choice.reasoning), (.text, choice.text), (.refusal, choice.refusal),
        ]
        for (piece, bytes) in pieces where !bytes.isEmpty {
            renderer.append(bytes.span, as: piece, choice: 0, into: &frames)
        }
        for call in choice.toolCalls {
            renderer.beginToolCall(ToolCall(id: call.id, name: call.name, arguments: []), choice: 0, into: &frames)
            guard !call.arguments.isEmpty else { continue }
            renderer.append(call.arguments.span, as: .toolArguments, choice: 0, into: &frames)
        }
        renderer.end(choice.finish, choice: 0, into: &frames)
        renderer.finish(answer.usage, into: &frames)
        return frames.bytes
    }

    private func uiRenderer(for identity: AnswerIdentity) -> UIMessageStreamRenderer {
        UIMessageStreamRenderer(
            identity: identity,
            messageID: continuedID ?? identity.name("msg-", length: 16),
            wantsUsage: chat.wantsUsage
        )
    }

    /// All messages, or the one that is new where the app keeps the others itself.
    private static func messages(_ body: BodyField) throws(RequestProblem) -> [BodyField] {
        if let message = body.optional("message"), body.optional("messages") == nil { return [message] }
        let list = try body.required("messages")
        let messages = try list.items()
        guard !messages.isEmpty else { throw list.problem("\"messages\" is empty; it needs at least one message.") }
        return messages
    }
}
