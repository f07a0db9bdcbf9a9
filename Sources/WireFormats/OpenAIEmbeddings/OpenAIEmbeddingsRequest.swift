// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// A request of OpenAI's `POST /v1/embeddings`, and its answer (openai-chat.md, part 8).
public struct OpenAIEmbeddingsRequest: Equatable, Sendable {
    /// How the numbers of a vector are written.
    public enum Encoding: String, CaseIterable, Sendable {
        /// As an array.
        case float
        /// The bytes of each, little-endian IEEE 754 of 32 bits, in base64.
        case base64
    }

    /// Whole, with what follows `?`.
    public var model: String
    /// From 1 to 2048, each of which gets a vector.
    public var inputs: [OpenAIEmbeddingsInput]
    public var encoding: Encoding
    /// How many numbers a vector is to have; nil where the model decides.
    public var dimensions: Int?
    /// The client's own name of whoever asks.
    public var user: String?

    public init(body: [UInt8]) throws(RequestProblem) {
        let body = try BodyField(body: body)
        let name = try body.required("model")
        model = try name.text()
        guard !model.isEmpty else { throw name.problem("\"model\" is empty; name a model.") }
        inputs = try OpenAIEmbeddingsInput.read(body.required("input"))
        encoding = try Self.encoding(body.optional("encoding_format"))
        dimensions = try EmbeddingSize.dimensions(body.optional("dimensions"))
        user = try body.optional("user")?.text()
        try EmbeddingSize.check(count: inputs.count, dimensions: dimensions)
    }

    /// The answer.
    /// - Parameters:
    ///   - vectors: One for each of ``inputs``.
    ///   - model: The name as clients see it.
    ///   - inputTokens: Those of all inputs.
    public func body(of vectors: [[Float]], model: String, inputTokens: Int) -> [UInt8] {
        JSONText.object { text in
            text.member("object", "list")
            text.arrayMember("data") { text in
                for (index, vector) in vectors.enumerated() {
                    text.object { text in
                        text.member("object", "embedding")
                        text.member("index", index)
                        text.name("embedding")
                        switch encoding {
                        case .float: text.floats(vector)
                        case .base64: text.string(FloatBase64.text(vector))
                        }
                    }
                }
            }
            text.member("model", model)
            text.objectMember("usage") { text in
                text.member("prompt_tokens", inputTokens)
                text.member("total_tokens", inputTokens)
            }
        }
    }

    private static func encoding(_ field: BodyField?) throws(RequestProblem) -> Encoding {
        guard let field else { return .float }
        guard let encoding = Encoding(rawValue: try field.text()) else {
            throw field.problem("\"encoding_format\" has to be \"float\" or \"base64\".")
        }
        return encoding
    }
}
