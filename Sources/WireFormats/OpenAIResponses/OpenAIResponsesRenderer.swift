// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Writes an answer as the event stream of OpenAI's Responses (openai-responses.md 4): items strictly one after
/// another, each with its parts.
///
/// What is said of a kind in one run is an item, text and refusal are parts of one message. There is but one choice;
/// what is said in others is passed over.
public struct OpenAIResponsesRenderer: AnswerRenderer {
    /// When the answer was whole, as Unix time, for `completed_at`: to be set before ``finish(_:into:)``, or it is the
    /// time at which the answer began.
    public var completedSeconds: Int?

    private let ids: OpenAIResponseIDs
    private let isBackground: Bool
    private let sealsReasoning: Bool
    private let sendsDone: Bool
    private var events: OpenAIResponsesEvents
    /// Its output holds the items that are done.
    private var response: OpenAIResponseObject
    private var item: OpenAIResponseItem?
    /// What the open part is, or ``AnswerPiece/toolArguments`` in a call; its text so far is `said`.
    private var openPiece: AnswerPiece?
    private var said: [UInt8] = []
    private var delta = OpenAIResponsesDelta()
    private var reason = FinishReason.stop
    private var hasEnded = false

    /// - Parameters:
    ///   - startingAfter: The number of the last event that is not to be written: the reader has it. The numbers of
    ///     the others stay as they are.
    ///   - sendsDone: Whether `[DONE]` follows the last event; OpenAI's own server leaves it out.
    public init(
        _ request: OpenAIResponsesRequest,
        for identity: AnswerIdentity,
        startingAfter: Int? = nil,
        sendsDone: Bool = true
    ) {
        ids = OpenAIResponseIDs(for: identity)
        isBackground = request.isBackground
        sealsReasoning = request.settings.wantsSealedReasoning
        self.sendsDone = sendsDone
        events = OpenAIResponsesEvents(startingAfter: startingAfter)
        let progress = isBackground ? OpenAIResponseObject.Progress.queued : .inProgress(WholeAnswer.Choice())
        response = OpenAIResponseObject(request, for: identity, as: progress)
    }

    public mutating func begin(into frames: inout FrameBuffer) {
        appendResponse("response.created", as: .structure, &frames)
        if isBackground { appendResponse("response.queued", as: .structure, &frames) }
        response.begin()
        appendResponse("response.in_progress", as: .structure, &frames)
    }

    public mutating func append(
        _ unit: Span<UInt8>,
        as piece: AnswerPiece,
        choice: Int,
        into frames: inout FrameBuffer
    ) {
        guard choice == 0, !hasEnded else { return }
        if piece != openPiece {
            // Arguments of no call say nothing.
            guard let kind = Self.partKind(of: piece) else { return }
            openPart(kind, of: piece, &frames)
        }
        unit.withUnsafeBufferPointer { said.append(contentsOf: $0) }
        events.append(unit, in: delta, to: &frames)
    }

    public mutating func beginToolCall(_ call: ToolCall, choice: Int, into frames: inout FrameBuffer) {
        guard choice == 0, !hasEnded else { return }
        let place = openPlace(&frames)
        let number = response.output.count { $0.call != nil }
        let item = OpenAIResponseItem.call(
            ToolCall(id: call.id, name: call.name, arguments: []),
            number: number,
            at: place,
            ids
        )
        openItem(item, &frames)
        openPiece = .toolArguments
        delta = OpenAIResponsesDelta(
            "response.function_call_arguments.delta",
            itemID: item.id,
            outputIndex: place,
            index: nil,
            hasLogprobs: false
        )
    }

    public mutating func end(_ reason: FinishReason, choice: Int, into frames: inout FrameBuffer) {
        guard choice == 0, !hasEnded else { return }
        self.reason = reason
        closeItem(OpenAIResponseObject.incompleteReason(of: reason) == nil ? .completed : .incomplete, &frames)
    }

    public mutating func finish(_ usage: Usage, into frames: inout FrameBuffer) {
        guard !hasEnded else { return }
        closeItem(.completed, &frames)
        response.end(reason, usage, at: completedSeconds)
        let isComplete = response.status == .completed
        appendResponse(isComplete ? "response.completed" : "response.incomplete", as: .finish, &frames)
        appendDone(&frames)
    }

    /// OpenAI's server sends both events; clients heed the one or the other (openai-responses.md 5). The format has no
    /// event for an answer that was cancelled: the stream just ends.
    public mutating func fail(_ fault: ChatFault, into frames: inout FrameBuffer) {
        guard !hasEnded else { return }
        if fault.kind != .cancelled {
            let problem = OpenAIResponseFault(fault)
            events.append("error", as: .failure, to: &frames) { json in
                json.objectMember("error") { json in
                    json.member("type", problem.type)
                    json.member("code", problem.code)
                    json.member("message", problem.message)
                    json.nullMember("param")
                }
            }
            response.fail(fault)
            appendResponse("response.failed", as: .failure, &frames)
        }
        appendDone(&frames)
    }

    public mutating func goOn(afterFrames count: Int) {
        events.goOn(after: count)
    }

    public mutating func markContinued(into frames: inout FrameBuffer) {
        FrameEncoder.appendComment("continued by another model", to: &frames.bytes)
        frames.endFrame(.structure)
    }

    public mutating func heartbeat(into frames: inout FrameBuffer) {
        FrameEncoder.appendComment(to: &frames.bytes)
        frames.endFrame(.structure)
    }

    // MARK: Items

    private static func partKind(of piece: AnswerPiece) -> OpenAIResponsePart.Kind? {
        switch piece {
        case .text: .text
        case .refusal: .refusal
        case .reasoning: .summary
        case .toolArguments: nil
        }
    }

    private mutating func openPart(
        _ kind: OpenAIResponsePart.Kind,
        of piece: AnswerPiece,
        _ frames: inout FrameBuffer
    ) {
        closePart(&frames)
        if kind == .summary {
            openItem(.reasoning(at: openPlace(&frames), ids, isSealed: sealsReasoning), &frames)
        } else if item?.kind != .message {
            openItem(.message(at: openPlace(&frames), ids), &frames)
        }
        guard let item else { return }
        let part = OpenAIResponsePart(kind: kind)
        let outputIndex = response.output.count
        events.append(part.added, to: &frames) { json in
            Self.writePlace(of: item, at: outputIndex, part: part, to: &json)
            json.name("part")
            part.write(to: &json)
        }
        openPiece = piece
        delta = OpenAIResponsesDelta(
            part.delta,
            itemID: item.id,
            outputIndex: outputIndex,
            index: (part.indexName, item.parts.count),
            hasLogprobs: kind == .text
        )
    }

    /// Ends the item before, and gives the place of the next in the output.
    private mutating func openPlace(_ frames: inout FrameBuffer) -> Int {
        closeItem(.completed, &frames)
        return response.output.count
    }

    private mutating func openItem(_ item: OpenAIResponseItem, _ frames: inout FrameBuffer) {
        self.item = item
        appendItem("response.output_item.added", item, &frames)
    }

    private mutating func closePart(_ frames: inout FrameBuffer) {
        guard let piece = openPiece, let item else { return }
        openPiece = nil
        if let kind = Self.partKind(of: piece) {
            closePart(OpenAIResponsePart(kind: kind, text: said), of: item, &frames)
        } else if var call = item.call {
            call.arguments = said
            self.item?.kind = .functionCall(call)
            let outputIndex = response.output.count
            events.append("response.function_call_arguments.done", to: &frames) { json in
                Self.writePlace(of: item, at: outputIndex, part: nil, to: &json)
                json.member("name", call.name)
                json.member("arguments", call.arguments)
            }
        }
        said = []
    }

    private mutating func closePart(
        _ part: OpenAIResponsePart,
        of item: OpenAIResponseItem,
        _ frames: inout FrameBuffer
    ) {
        let outputIndex = response.output.count
        events.append(part.textDone, to: &frames) { json in
            Self.writePlace(of: item, at: outputIndex, part: part, to: &json)
            json.member(part.textName, part.text)
            if part.kind == .text { json.arrayMember("logprobs") { _ in } }
        }
        events.append(part.done, to: &frames) { json in
            Self.writePlace(of: item, at: outputIndex, part: part, to: &json)
            json.name("part")
            part.write(to: &json)
        }
        self.item?.parts.append(part)
    }

    private mutating func closeItem(_ status: OpenAIResponseItem.Status, _ frames: inout FrameBuffer) {
        closePart(&frames)
        guard var item else { return }
        item.status = status
        appendItem("response.output_item.done", item, &frames)
        response.output.append(item)
        self.item = nil
    }

    // MARK: Events

    private static func writePlace(
        of item: OpenAIResponseItem,
        at outputIndex: Int,
        part: OpenAIResponsePart?,
        to json: inout JSONText
    ) {
        json.member("item_id", item.id)
        json.member("output_index", outputIndex)
        if let part { json.member(part.indexName, item.parts.count) }
    }

    private mutating func appendItem(_ type: StaticString, _ item: OpenAIResponseItem, _ frames: inout FrameBuffer) {
        let outputIndex = response.output.count
        events.append(type, to: &frames) { json in
            json.member("output_index", outputIndex)
            json.name("item")
            item.write(to: &json)
        }
    }

    private mutating func appendResponse(
        _ type: StaticString,
        as kind: FrameBuffer.Kind,
        _ frames: inout FrameBuffer
    ) {
        events.append(type, as: kind, to: &frames) { [response] json in
            json.name("response")
            response.write(to: &json)
        }
    }

    private mutating func appendDone(_ frames: inout FrameBuffer) {
        hasEnded = true
        guard sendsDone else { return }
        FrameEncoder.append("data: [DONE]\n\n", to: &frames.bytes)
        frames.endFrame(.terminator)
    }
}
