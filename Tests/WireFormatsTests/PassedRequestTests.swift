// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

struct PassedRequestTests {
    private func body(_ request: EncodedRequest) -> String { String(decoding: request.body, as: UTF8.self) }

    private func passed(
        _ format: WireFormat,
        _ body: String,
        for purpose: PassedRequest.Purpose = .answer
    ) -> PassedRequest {
        PassedRequest(format, for: purpose, body: Array(body.utf8))
    }

    @Test(arguments: [
        (WireFormat.openAIChat, "/chat/completions"), (.openAIResponses, "/responses"),
        (.anthropicMessages, "/messages"), (.ollamaChat, "/api/chat"),
    ])
    func `only the model's name is another`(format: WireFormat, path: String) {
        let request = passed(format, #"{ "model":"a", "new":{"x":1.0} }"#)
            .encoded(for: "b", .asAsked(isStreamed: false))
        #expect(body(request) == #"{ "model":"b", "new":{"x":1.0} }"#)
        #expect(request.path == path)
    }

    @Test func `an answer that is written anew is asked for as a stream, with its counts`() {
        let request = passed(.openAIChat, #"{"model":"a","stream":false}"#)
            .encoded(for: "b", .streamed(wantsUsage: true))
        #expect(body(request) == #"{"stream_options":{"include_usage":true},"model":"b","stream":true}"#)
    }

    @Test func `Gemini's path names the model and what it is to do`() {
        let request = passed(.gemini, #"{"contents":[]}"#)
        #expect(request.encoded(for: "m x", .asAsked(isStreamed: false)).path == "/models/m%20x:generateContent")
        let streamed = request.encoded(for: "m", .asAsked(isStreamed: true))
        #expect(streamed.path == "/models/m:streamGenerateContent?alt=sse" && body(streamed) == #"{"contents":[]}"#)
        let count = passed(.gemini, #"{"model":"models/a"}"#, for: .other("countTokens"))
            .encoded(for: "b", .asAsked(isStreamed: false))
        #expect(count.path == "/models/b:countTokens" && body(count) == #"{"model":"models/b"}"#)
    }

    @Test(arguments: ["../../x", "models/../x", "a/../../b", "models/%2e%2e/x"])
    func `no name of a model leads to another place`(name: String) {
        let path = passed(.gemini, "{}").encoded(for: name, .asAsked(isStreamed: false)).path
        #expect(path.hasPrefix("/models/") && path.count { $0 == "/" } == 2)
    }

    @Test func `other purposes have a path of their own`() {
        let request = passed(.openAIChat, #"{"model":"a","input":"x"}"#, for: .other("/embeddings"))
            .encoded(for: "b", .asAsked(isStreamed: false))
        #expect(request.path == "/embeddings" && body(request) == #"{"model":"b","input":"x"}"#)
    }
}
