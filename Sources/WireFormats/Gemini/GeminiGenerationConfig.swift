// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Reads `generationConfig`.
enum GeminiGenerationConfig {
    private static let mostCandidates = 8
    private static let mostStopSequences = 5

    static func apply(_ config: BodyField, to chat: inout ChatRequest) throws(RequestProblem) {
        if let field = config.either("candidateCount") {
            chat.choices = try field.protoInteger()
            guard (1...mostCandidates).contains(chat.choices) else {
                throw field.problem("\"\(field.path)\" has to be from 1 to \(mostCandidates).")
            }
        }
        if let field = config.either("maxOutputTokens") {
            let most = try field.protoInteger()
            guard most >= 1 else { throw field.problem("\"\(field.path)\" has to be at least 1.") }
            chat.maximumTokens = most
        }
        if let field = config.either("stopSequences") { chat.stopSequences = try stopSequences(field) }
        if let field = config.either("seed") {
            chat.seed = UInt64(bitPattern: Int64(try field.protoInteger()))
        }
        chat.sampling = try sampling(config)
        chat.shape = try shape(config)
        if let thinking = try config.either("thinkingConfig")?.object() {
            let budget = try thinking.either("thinkingBudget")?.protoInteger()
            chat.wantsReasoning = try thinking.either("includeThoughts")?.flag() == true && budget != 0
            let level = try thinking.either("thinkingLevel")?.text().lowercased()
            let effort = level.flatMap(ReasoningWish.Effort.init(rawValue:))
            chat.reasoning = ReasoningWish(effort: effort, budgetTokens: budget)
        }
    }

    private static func sampling(_ config: BodyField) throws(RequestProblem) -> Sampling {
        var sampling = Sampling()
        sampling.temperature = try config.either("temperature")?.protoNumber(in: 0...2)
        sampling.topP = try config.either("topP")?.protoNumber(in: 0...1)
        let topK = try config.either("topK")?.protoInteger() ?? 0
        sampling.topK = topK > 0 ? topK : nil
        sampling.frequencyPenalty = try config.either("frequencyPenalty")?.protoNumber(in: -2...2)
        sampling.presencePenalty = try config.either("presencePenalty")?.protoNumber(in: -2...2)
        return sampling
    }

    private static func stopSequences(_ field: BodyField) throws(RequestProblem) -> [String] {
        var sequences: [String] = []
        for item in try field.items() { sequences.append(try item.text()) }
        guard sequences.count <= mostStopSequences else {
            throw field.problem("\"\(field.path)\" has \(sequences.count) items; it may have \(mostStopSequences).")
        }
        return sequences
    }

    /// A schema asks for JSON by itself, but where the type of the answer is plain text that is no JSON.
    private static func shape(_ config: BodyField) throws(RequestProblem) -> AnswerShape {
        let schema = try (config.either("responseJsonSchema") ?? config.either("responseSchema"))?.object().value
        let shape = schema.map { AnswerShape.jsonSchema(GeminiSchema.jsonSchema($0)) }
        guard let field = config.either("responseMimeType") else { return shape ?? .text }
        switch try field.text() {
        case "application/json": return shape ?? .jsonObject
        case "text/plain", "text/x.enum", "": return .text
        default:
            throw field.problem("\"\(field.path)\" has to be \"text/plain\", \"application/json\" or \"text/x.enum\".")
        }
    }
}
