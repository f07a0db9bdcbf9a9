// SPDX-License-Identifier: Apache-2.0

import Conversation
import WireFormats

extension FuzzTarget {
    /// The decoders of requests for an answer.
    static let requests = [
        request("OpenAIChatRequest", OpenAIProblem.self) { body throws(RequestProblem) in
            let request = try OpenAIChatRequest(body: body)
            Answered.check(jsonBody: OpenAIChatRequestEncoder.encode(request.chat, model: "m").body)
            return request
        },
        request("OpenAICompletionsRequest", OpenAIProblem.self) { body throws(RequestProblem) in
            try OpenAICompletionsRequest(body: body)
        },
        request("OpenAIResponsesRequest", OpenAIProblem.self) { body throws(RequestProblem) in
            let request = try OpenAIResponsesRequest(body: body)
            _ = request.inputItems(for: Answered.identity)
            Answered.check(jsonBody: OpenAIResponsesRequestEncoder.encode(request.chat, model: "m").body)
            return request.continuing(from: request.history(after: Answered.plain, for: Answered.identity))
        },
        request("AnthropicMessagesRequest", AnthropicProblem.self) { body throws(RequestProblem) in
            _ = try? AnthropicMessagesRequest(body: body, version: nil, isCountOnly: true)
            return try AnthropicMessagesRequest(body: body, version: "2023-06-01")
        },
        request("GeminiRequest", GeminiProblem.self) { body throws(RequestProblem) in
            _ = try? GeminiRequest(countBody: body, model: "m")
            let isEventStream = body.count % 2 == 0
            return try GeminiRequest(body: body, model: "m", isStreamed: true, isEventStream: isEventStream)
        },
        request("OllamaChatRequest", OllamaProblem.self) { body throws(RequestProblem) in
            _ = try? OllamaModelRequest(body: body)
            return try OllamaChatRequest(body: body)
        },
        request("OllamaGenerateRequest", OllamaProblem.self) { body throws(RequestProblem) in
            try OllamaGenerateRequest(body: body)
        },
        request("UIMessageStreamRequest", UIMessageProblem.self) { body throws(RequestProblem) in
            _ = UIMessageStreamRequest.isUIMessageBody(body)
            return try UIMessageStreamRequest(body: body)
        },
        FuzzTarget(name: "PlainStreamRequest", run: readPlain),
    ]

    /// - Parameters:
    ///   - shape: How the format tells a problem.
    ///   - read: Throws a problem, or gives a request that can be answered.
    private static func request(
        _ name: String,
        _ shape: any (ProblemShape & SendableMetatype).Type,
        _ read: @escaping @Sendable ([UInt8]) throws(RequestProblem) -> any WireRequest
    ) -> FuzzTarget {
        FuzzTarget(name: name) { body in
            do throws(RequestProblem) {
                Answered.check(try read(body), seed: UInt64(body.count))
            } catch {
                Answered.check(error, in: shape)
            }
        }
    }

    /// The first line of the input is the query, the rest the body.
    @Sendable
    private static func readPlain(_ input: [UInt8]) {
        let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        do throws(RequestProblem) {
            _ = try PlainStreamRequest.decode(
                query: String(decoding: parts[0], as: UTF8.self),
                body: parts.count > 1 ? parts[1] : nil,
                knownNames: ["unit", "rate", "seed", "cadence"]
            )
        } catch {
            Answered.check(error, in: PlainStreamProblem.self)
        }
    }
}
