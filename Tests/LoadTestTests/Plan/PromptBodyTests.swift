// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing

@testable import LoadTest

struct PromptBodyTests {
    private func target(_ path: String, format: StreamFormat? = nil, model: String? = nil) throws -> Target {
        var target = try Target(url: "http://h" + path)
        PromptBody.apply("Hi there", model: model, format: format, to: &target)
        return target
    }

    private func body(_ target: Target) throws -> JSONValue {
        try JSONReader.read(try #require(target.body))
    }

    @Test(arguments: [
        ("/v1/chat/completions", StreamFormat.openAIChat), ("/v1/completions", .openAICompletions),
        ("/v1/responses?x=1", .openAIResponses), ("/v1/messages", .anthropicMessages), ("/api/chat", .ollama),
        ("/api/generate", .ollama), ("/v1beta/models/m:streamGenerateContent?alt=sse", .gemini),
    ])
    func `the path tells the format`(path: String, format: StreamFormat) throws {
        #expect(PromptBody.guess(path) == format)
        let target = try target(path)
        #expect(target.path == path)
        #expect(target.headers.contains(.init(name: "content-type", value: "application/json")))
        let text = String(decoding: try #require(target.body), as: UTF8.self)
        #expect(text.contains("Hi there"))
        if format != .gemini { #expect(try body(target)["stream"] == .bool(true)) }
    }

    @Test func `OpenAI is asked for its own count of tokens`() throws {
        let body = try body(try target("/v1/chat/completions", model: "gpt"))
        #expect(body["stream_options"]?["include_usage"] == .bool(true))
        #expect(body["model"]?.text == "gpt")
        #expect(try self.body(try target("/v1/completions"))["stream_options"]?["include_usage"] == .bool(true))
    }

    @Test func `Anthropic is told its version, unless the user tells it`() throws {
        let version = Target.Field(name: "anthropic-version", value: "2023-06-01")
        #expect(try target("/v1/messages").headers.contains(version))
        var own = try Target(url: "http://h/v1/messages")
        own.headers = [.init(name: "Anthropic-Version", value: "x")]
        PromptBody.apply("Hi", model: nil, format: nil, to: &own)
        #expect(own.headers.count == 2)
        #expect(!own.headers.contains(version))
    }

    @Test func `a format that is told beats the path`() throws {
        let target = try target("/stream", format: .openAIResponses)
        #expect(try body(target)["input"] != nil)
        #expect(try body(try self.target("/api/chat", format: .uiMessageStream))["messages"]?.array?.count == 1)
    }

    @Test func `an event source is asked by GET, its prompt in the query`() throws {
        let target = try target("/chat/stream", model: "mock:fast")
        #expect(target.body == nil)
        #expect(target.path == "/chat/stream?prompt=Hi%20there&model=mock%3Afast")
        #expect(try self.target("/s?speed=2").path == "/s?speed=2&prompt=Hi%20there")
        #expect(try self.target("/s?prompt=own").path == "/s?prompt=own")
        #expect(try self.target("/s?").path == "/s?prompt=Hi%20there")
    }
}
