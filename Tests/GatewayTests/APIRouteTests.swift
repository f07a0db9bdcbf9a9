// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import HTTPTypes
import Testing

@testable import Gateway

struct APIRouteTests {
    private static func route(
        _ method: HTTPRequest.Method,
        _ target: String,
        _ fields: HTTPFields = [:]
    ) -> APIRoute? {
        APIRoute(ServerRequest(method: method, target: target, fields: fields))
    }

    @Test(
        arguments: [
            ("/v1/chat/completions", .openAIChat), ("/v1/completions", .openAICompletions),
            ("/v1/embeddings", .openAIEmbeddings), ("/v1/responses", .responses),
            ("/v1/responses/input_tokens", .responseInputTokens),
            ("/v1/responses/resp_1/cancel", .response(id: "resp_1", .cancel)),
            ("/v1/messages", .anthropicMessages), ("/v1/messages/count_tokens", .anthropicCount),
            ("/v1beta/models/g-1:generateContent", .gemini(model: "g-1", .generateContent)),
            ("/v1/models/g-1:countTokens", .gemini(model: "g-1", .countTokens)),
            ("/v1beta/tunedModels/mine:embedContent", .gemini(model: "mine", .embedContent)),
            ("/api/chat", .ollamaOrInterface), ("/api/generate", .ollama(.generate)),
        ] as [(String, APIRoute)]
    )
    func `a POST finds its API by its path`(target: String, route: APIRoute) {
        #expect(Self.route(.post, target) == route)
    }

    @Test
    func `the verb of a Gemini model follows the last colon, and the name may be escaped`() {
        let route = Self.route(.post, "/v1beta/models/a%2Fb:c%3Frate=0:streamGenerateContent?alt=sse")
        #expect(route == .gemini(model: "a/b:c?rate=0", .streamGenerateContent))
        #expect(Self.route(.post, "/v1beta/models/a:flyAway") == .model("a:flyAway", .gemini))
    }

    @Test
    func `a list of models is told by the fields that only one SDK sends`() throws {
        let version = try #require(HTTPField.Name("anthropic-version"))
        let key = try #require(HTTPField.Name("x-goog-api-key"))
        #expect(Self.route(.get, "/v1/models") == .models(.openAI))
        #expect(Self.route(.get, "/v1/models", [version: "2023-06-01"]) == .models(.anthropic))
        #expect(Self.route(.get, "/v1/models", [key: "k"]) == .models(.gemini))
        #expect(Self.route(.get, "/v1/models?key=k") == .models(.gemini))
        #expect(Self.route(.get, "/v1beta/models") == .models(.gemini))
        #expect(Self.route(.get, "/v1/models/org/name") == .model("org/name", .openAI))
    }

    @Test(arguments: [
        "/", "/chat", "/chat/stream", "/v2/models", "/v1", "/v1/nothing", "/api", "/api/nothing", "/v1/responses/a/b",
    ])
    func `what is no API's is nobody's`(target: String) {
        #expect(Self.route(.post, target) == nil)
    }

    @Test
    func `a stream of the interface is resumed by its chat's name`() {
        #expect(Self.route(.get, "/api/chat/c%201/stream") == .interfaceResume(chatID: "c 1"))
    }

    @Test(arguments: [("a%20b", "a b"), ("%zz", "%zz"), ("100%", "100%"), ("%C3%A9", "é"), ("plain", "plain")])
    func `a segment is decoded, and what stands for nothing stays`(segment: String, text: String) {
        #expect(PercentEncoding.decode(segment[...]) == text)
    }
}
