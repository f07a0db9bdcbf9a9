// SPDX-License-Identifier: Apache-2.0

import MockModel
import WireFormats

extension FuzzTarget {
    /// The decoders of requests for vectors.
    static let embeddings = [
        vectors("OpenAIEmbeddingsRequest", OpenAIProblem.self) { body throws(RequestProblem) in
            let request = try OpenAIEmbeddingsRequest(body: body)
            let vectors = request.inputs.prefix(2).map {
                EmbeddingVector.make(text: $0.bytes, dimensions: request.dimensions ?? 8)
            }
            return request.body(of: vectors, model: request.model, inputTokens: 1)
        },
        vectors("OllamaEmbed", OllamaProblem.self) { body throws(RequestProblem) in
            _ = try? OllamaEmbed(oldBody: body)
            let request = try OllamaEmbed(body: body)
            let vectors = request.inputs.prefix(2).map {
                EmbeddingVector.make(text: Array($0.utf8), dimensions: request.dimensions ?? 8)
            }
            return request.body(of: vectors, model: request.model, inputTokens: 1)
        },
        vectors("GeminiEmbedRequest", GeminiProblem.self) { body throws(RequestProblem) in
            _ = try? GeminiEmbedRequest(body: body, isBatch: true)
            let request = try GeminiEmbedRequest(body: body, isBatch: false)
            let vectors = request.texts.prefix(2).map {
                EmbeddingVector.make(text: Array($0.utf8), dimensions: request.dimensions ?? 8)
            }
            return request.body(of: vectors)
        },
    ]

    /// - Parameter read: Throws a problem, or gives the body of an answer.
    private static func vectors(
        _ name: String,
        _ shape: any (ProblemShape & SendableMetatype).Type,
        _ read: @escaping @Sendable ([UInt8]) throws(RequestProblem) -> [UInt8]
    ) -> FuzzTarget {
        FuzzTarget(name: name) { body in
            do throws(RequestProblem) {
                Answered.check(jsonBody: try read(body))
            } catch {
                Answered.check(error, in: shape)
            }
        }
    }
}
