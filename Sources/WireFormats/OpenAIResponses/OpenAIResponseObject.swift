// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// A response as a body of JSON, with every key of the schema in each copy (openai-responses.md 3): what `POST`, `GET`
/// and `cancel` answer, and what the first and the last events of a stream hold.
public struct OpenAIResponseObject: Sendable {
    /// How far the answer has come.
    public enum Progress: Sendable {
        case queued
        /// With what has been said so far.
        case inProgress(WholeAnswer.Choice)
        /// The first choice of the answer, and why it ends, tell whether it is `completed` or `incomplete`.
        case whole(WholeAnswer)
        case failed(ChatFault, WholeAnswer.Choice)
        case cancelled(WholeAnswer.Choice)
    }

    /// The raw values are the names on the wire.
    public enum Status: String, Sendable {
        case queued
        case inProgress = "in_progress"
        case completed
        case incomplete
        case failed
        case cancelled
    }

    /// `resp_…`
    public let id: String
    public private(set) var status: Status
    /// The items that are whole, and in a copy on its own the one that is being said.
    var output: [OpenAIResponseItem] = []

    private var usage: Usage?
    private var fault: OpenAIResponseFault?
    private var incompleteReason: String?
    private var completedSeconds: Int?
    private let settings: OpenAIResponseSettings
    private let identity: AnswerIdentity
    private let isBackground: Bool

    /// - Parameter completedSeconds: When a whole answer was whole, as Unix time; where it is not told, when it began.
    public init(
        _ request: OpenAIResponsesRequest,
        for identity: AnswerIdentity,
        as progress: Progress,
        completedSeconds: Int? = nil
    ) {
        let ids = OpenAIResponseIDs(for: identity)
        id = ids.response
        status = .inProgress
        settings = request.settings
        self.identity = identity
        isBackground = request.isBackground
        let isSealed = request.settings.wantsSealedReasoning
        switch progress {
        case .queued: status = .queued
        case .inProgress(let choice):
            output = OpenAIResponseItem.items(of: choice, ids, isSealed: isSealed, last: .inProgress)
        case .whole(let answer):
            let choice = answer.choices.first ?? WholeAnswer.Choice()
            end(choice.finish, answer.usage, at: completedSeconds)
            let last = status == .completed ? OpenAIResponseItem.Status.completed : .incomplete
            output = OpenAIResponseItem.items(of: choice, ids, isSealed: isSealed, last: last)
        case .failed(let fault, let choice):
            // The item that was being said is not part of it, as in the stream.
            output = OpenAIResponseItem.items(of: choice, ids, isSealed: isSealed, last: .incomplete).dropLast()
            fail(fault)
        case .cancelled(let choice):
            output = OpenAIResponseItem.items(of: choice, ids, isSealed: isSealed, last: .incomplete)
            status = .cancelled
        }
    }

    /// The body.
    public var bytes: [UInt8] {
        var json = JSONText()
        write(to: &json)
        return json.bytes
    }

    /// The wait is over.
    mutating func begin() {
        status = .inProgress
    }

    /// The answer is whole.
    mutating func end(_ reason: FinishReason, _ usage: Usage, at seconds: Int?) {
        self.usage = usage
        incompleteReason = Self.incompleteReason(of: reason)
        status = incompleteReason == nil ? .completed : .incomplete
        if status == .completed { completedSeconds = seconds ?? identity.createdSeconds }
    }

    /// The answer is not whole.
    mutating func fail(_ fault: ChatFault) {
        status = .failed
        self.fault = OpenAIResponseFault(fault)
    }

    /// `incomplete_details.reason`; nil where the answer is all there.
    static func incompleteReason(of reason: FinishReason) -> String? {
        switch reason {
        case .length: "max_output_tokens"
        case .contentFilter: "content_filter"
        case .stop, .stopSequence, .toolCalls, .refusal: nil
        }
    }

    func write(to json: inout JSONText) {
        json.object { json in
            json.member("id", id)
            json.member("object", "response")
            json.member("created_at", identity.createdSeconds)
            json.member("status", status.rawValue)
            json.member("background", isBackground)
            json.name("completed_at")
            if let completedSeconds { json.number(completedSeconds) } else { json.null() }
            writeWhyNotWhole(to: &json)
            write(settings.beforeModel, to: &json)
            json.member("model", identity.model)
            json.arrayMember("output") { json in
                for item in output { item.write(to: &json) }
            }
            write(settings.afterOutput, to: &json)
            writeUsage(to: &json)
            write(settings.afterUsage, to: &json)
        }
    }

    private func write(_ members: [JSONValue.Member], to json: inout JSONText) {
        for member in members { json.member(member.name, member.value) }
    }

    private func writeWhyNotWhole(to json: inout JSONText) {
        if let fault {
            json.objectMember("error") { json in
                json.member("code", fault.code)
                json.member("message", fault.message)
            }
        } else {
            json.nullMember("error")
        }
        if let incompleteReason {
            json.objectMember("incomplete_details") { json in json.member("reason", incompleteReason) }
        } else {
            json.nullMember("incomplete_details")
        }
    }

    private func writeUsage(to json: inout JSONText) {
        guard let usage else { return json.nullMember("usage") }
        json.objectMember("usage") { json in
            json.member("input_tokens", usage.inputTokens)
            json.objectMember("input_tokens_details") { json in
                json.member("cached_tokens", usage.cachedTokens)
                json.member("cache_write_tokens", 0)
            }
            json.member("output_tokens", usage.outputTokens)
            json.objectMember("output_tokens_details") { json in
                json.member("reasoning_tokens", usage.reasoningTokens)
            }
            json.member("total_tokens", usage.totalTokens)
        }
    }
}
