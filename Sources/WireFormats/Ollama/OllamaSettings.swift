// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// What Ollama's two calls for text have in common: the model, how the answer comes, and its limits.
struct OllamaSettings {
    let model: String
    /// `stream`, which is true where it is not given.
    let isStreamed: Bool
    let shape: AnswerShape
    let wantsReasoning: Bool
    let reasoning: ReasoningWish
    let sampling: Sampling
    let tokens: Int?
    let stops: [String]
    let seed: UInt64?
    /// `keep_alive` is no time at all.
    let keepsNothing: Bool

    init(_ body: BodyField) throws(RequestProblem) {
        let name = try body.required("model")
        model = try name.text()
        guard !model.isEmpty else { throw name.problem("\"model\" is empty; name a model.") }
        isStreamed = try body.optional("stream")?.flag() ?? true
        shape = try Self.shape(body.optional("format"))
        (wantsReasoning, reasoning) = try Self.thinking(body.optional("think"))
        keepsNothing = try Self.isZero(body.optional("keep_alive"))
        let options = try body.optional("options")?.object()
        // 0 and less: as many as the model likes.
        tokens = try options?.optional("num_predict")?.integer().positive
        seed = try options?.optional("seed")?.integer().natural
        stops = try Self.stops(options?.optional("stop"))
        sampling = try Self.sampling(options)
    }

    /// A request for `messages` as the conversation knows it.
    func chat(_ messages: [ChatMessage], _ format: WireFormat) -> ChatRequest {
        // The last object always tells the counts.
        var chat = ChatRequest(model: model, messages: messages, format: format, wantsUsage: true)
        chat.isStreamed = isStreamed
        chat.shape = shape
        chat.wantsReasoning = wantsReasoning
        chat.reasoning = reasoning
        chat.sampling = sampling
        chat.maximumTokens = tokens
        chat.stopSequences = stops
        chat.seed = seed
        return chat
    }

    private static func shape(_ field: BodyField?) throws(RequestProblem) -> AnswerShape {
        guard let field else { return .text }
        if field.value.members != nil { return .jsonSchema(field.value) }
        switch field.value.text {
        case "": return .text
        case "json": return .jsonObject
        default: throw field.problem("\"format\" has to be \"json\" or a JSON Schema object.")
        }
    }

    private static func sampling(_ options: BodyField?) throws(RequestProblem) -> Sampling {
        var sampling = Sampling()
        guard let options else { return sampling }
        sampling.temperature = try number(options.optional("temperature"))
        sampling.topP = try number(options.optional("top_p"))
        sampling.topK = try options.optional("top_k")?.integer().positive
        sampling.frequencyPenalty = try number(options.optional("frequency_penalty"))
        sampling.presencePenalty = try number(options.optional("presence_penalty"))
        return sampling
    }

    private static func number(_ field: BodyField?) throws(RequestProblem) -> Double? {
        guard let field else { return nil }
        guard let number = field.value.double, number.isFinite else { throw field.wrongType("a number") }
        return number
    }

    private static func thinking(
        _ field: BodyField?
    ) throws(RequestProblem) -> (isWanted: Bool, wish: ReasoningWish) {
        guard let field else { return (false, ReasoningWish()) }
        if let flag = field.value.bool { return (flag, ReasoningWish(effort: flag ? nil : ReasoningWish.Effort.none)) }
        guard let word = field.value.text, ["low", "medium", "high", "max"].contains(word) else {
            throw field.problem("\"think\" has to be true, false, \"low\", \"medium\", \"high\" or \"max\".")
        }
        return (true, ReasoningWish(effort: ReasoningWish.Effort(rawValue: word)))
    }

    /// So many at most, each of which is looked for in the whole answer.
    private static let mostStops = 256

    private static func stops(_ field: BodyField?) throws(RequestProblem) -> [String] {
        guard let field else { return [] }
        var stops: [String] = []
        for item in try field.items() { stops.append(try item.text()) }
        guard stops.count <= mostStops else {
            throw field.problem("\"\(field.path)\" has \(stops.count) items; it may have \(mostStops).")
        }
        return stops.filter { !$0.isEmpty }
    }

    /// Reads `keep_alive`: seconds as a number, or a duration such as `5m`.
    private static func isZero(_ field: BodyField?) throws(RequestProblem) -> Bool {
        guard let field else { return false }
        if let seconds = field.value.double { return seconds == 0 }
        guard let text = field.value.text, text.utf8.contains(where: isDigit) else {
            throw field.problem("\"keep_alive\" has to be seconds as a number, or a duration such as \"5m\".")
        }
        return !text.utf8.contains { isDigit($0) && $0 != UInt8(ascii: "0") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension Int {
    fileprivate var positive: Int? { self > 0 ? self : nil }
    fileprivate var natural: UInt64? { UInt64(exactly: self) }
}
