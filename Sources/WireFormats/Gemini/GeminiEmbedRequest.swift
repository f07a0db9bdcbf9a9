// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// A request of Gemini's for vectors, `embedContent` or `batchEmbedContents`, and its answer.
public struct GeminiEmbedRequest: Equatable, Sendable {
    private static let mostRequests = 100
    private static let mostDimensions = 3072

    /// From 1 to 100, each of which gets a vector.
    public let texts: [String]
    /// How many numbers a vector is to have; nil where the model decides.
    public let dimensions: Int?
    /// The verb is `batchEmbedContents`.
    public let isBatch: Bool

    /// - Parameter isBatch: The verb is `batchEmbedContents`, whose body has several requests.
    public init(body: [UInt8], isBatch: Bool) throws(RequestProblem) {
        let body = try BodyField(body: body)
        let field = isBatch ? try body.required("requests") : body
        let requests = try field.objects()
        guard (1...Self.mostRequests).contains(requests.count) else {
            throw field.problem("\"requests\" has \(requests.count) items; it takes 1 to \(Self.mostRequests).")
        }
        var texts: [String] = []
        var dimensions: Int?
        for request in requests {
            texts.append(try GeminiConversation.text(try request.required("content").object()))
            if let field = request.either("outputDimensionality") {
                let count = try field.protoInteger()
                guard (1...Self.mostDimensions).contains(count) else {
                    throw field.problem("\"\(field.path)\" has to be from 1 to \(Self.mostDimensions).")
                }
                dimensions = count
            }
        }
        self.texts = texts
        self.dimensions = dimensions
        self.isBatch = isBatch
    }

    /// The answer.
    /// - Parameter vectors: One for each of ``texts``.
    public func body(of vectors: [[Float]]) -> [UInt8] {
        JSONText.object { text in
            if isBatch {
                text.arrayMember("embeddings") { text in
                    for vector in vectors { Self.write(vector, to: &text) }
                }
            } else {
                text.name("embedding")
                Self.write(vectors.first ?? [], to: &text)
            }
        }
    }

    private static func write(_ vector: [Float], to text: inout JSONText) {
        text.object { text in
            text.name("values")
            text.floats(vector)
        }
    }
}
