// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// A request of Ollama's for vectors, `POST /api/embed` or the older `POST /api/embeddings`, and its answer.
public struct OllamaEmbed: Equatable, Sendable {
    /// Whole, with what follows `?`.
    public var model: String
    /// The texts, each of which gets a vector; none loads the model.
    public var inputs: [String]
    /// How many numbers a vector is to have; nil where the model decides.
    public var dimensions: Int?
    /// It came to `/api/embeddings`, with one `prompt`.
    public let isOld: Bool

    /// Reads a request to `/api/embed`.
    public init(body: [UInt8]) throws(RequestProblem) {
        let body = try BodyField(body: body)
        model = try Self.model(body)
        isOld = false
        inputs = try Self.inputs(body.optional("input"))
        dimensions = try EmbeddingSize.dimensions(body.optional("dimensions"), allowsZero: true)
        try EmbeddingSize.check(count: inputs.count, dimensions: dimensions)
    }

    /// Reads a request to `/api/embeddings`.
    public init(oldBody body: [UInt8]) throws(RequestProblem) {
        let body = try BodyField(body: body)
        model = try Self.model(body)
        isOld = true
        let prompt = try body.optional("prompt")?.text() ?? ""
        inputs = prompt.isEmpty ? [] : [prompt]
    }

    /// The answer.
    /// - Parameters:
    ///   - vectors: One for each of ``inputs``.
    ///   - model: The name as clients see it.
    ///   - inputTokens: Those of all inputs.
    public func body(of vectors: [[Float]], model: String, inputTokens: Int) -> [UInt8] {
        JSONText.object { text in
            if isOld {
                text.name("embedding")
                text.floats(vectors.first ?? [])
                return
            }
            let times = OllamaTimes(Usage(inputTokens: inputTokens, outputTokens: 0))
            text.member("model", OllamaModelName.tagged(model))
            text.arrayMember("embeddings") { text in
                for vector in vectors { text.floats(vector) }
            }
            text.member("total_duration", times.total)
            text.member("load_duration", OllamaTimes.load)
            text.member("prompt_eval_count", inputTokens)
        }
    }

    private static func model(_ body: BodyField) throws(RequestProblem) -> String {
        let field = try body.required("model")
        let model = try field.text()
        guard !model.isEmpty else { throw field.problem("\"model\" is empty; name a model.") }
        return model
    }

    private static func inputs(_ field: BodyField?) throws(RequestProblem) -> [String] {
        guard let field else { return [] }
        if let text = field.value.text { return text.isEmpty ? [] : [text] }
        guard let items = field.value.array else { throw field.wrongType("a string or an array of strings") }
        var inputs: [String] = []
        for item in items {
            guard let text = item.text else { throw field.problem("\"input\" has to hold strings only.") }
            inputs.append(text)
        }
        return inputs
    }
}
