// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

struct PlainStreamRequestTests {
    @Test
    func `the query beats the body, and the body the model's tail`() throws {
        let body = #"{"model":"echo?rate=1&burst=2&unit=word","rate":3,"burst":4,"prompt":"p"}"#
        let request = try Self.decode("rate=5", body)
        #expect(request.model == "echo")
        #expect(["rate", "burst", "unit"].map { request.parameters[$0] } == ["5", "4", "word"])
    }

    @Test
    func `system text is the first message`() throws {
        let request = try Self.decode("prompt=p&system=s&format=json&events=tool,usage", nil)
        #expect(
            request.messages == [.init(role: .system, content: "s"), .init(role: .user, content: "p")]
        )
        #expect(request.format == .json)
        #expect(request.events == [.tool, .usage])
    }

    @Test
    func `messages are taken as they come`() throws {
        let body =
            #"{"messages":[{"role":"user","content":""},{"content":"a","role":"assistant"}],"events":["tool"]}"#
        let request = try Self.decode(nil, body)
        #expect(
            request.messages == [.init(role: .user, content: ""), .init(role: .assistant, content: "a")]
        )
        #expect(request.events == [.tool])
    }

    @Test(
        arguments: [
            ("", nil, "missing_prompt"), ("prompt=", nil, "empty_prompt"),
            ("prompt=p&nonsense=1", nil, "unknown_parameter"),
            ("prompt=p&format=xml", nil, "invalid_parameter"),
            ("prompt=p&events=tool,", nil, "invalid_parameter"),
            ("prompt=p&model=a?x=1", nil, "unknown_parameter"),
            ("prompt=p&model=a?rate=%25", nil, "malformed_encoding"),
            ("prompt=p", #"{"messages":[{"role":"user","content":"a"}]}"#, "conflicting_parameters"),
            ("", "", "malformed_json"),
            ("", "[]", "malformed_json"), ("", "{", "malformed_json"), ("", "{}", "missing_prompt"),
            ("", #"{"prompt":""}"#, "empty_prompt"),
            ("", #"{"prompt":true}"#, "invalid_parameter"),
            ("", #"{"prompt":"a","prompt":"a"}"#, "repeated_parameter"),
            ("", #"{"messages":[]}"#, "invalid_messages"),
            ("", #"{"messages":[{"role":"x","content":"a"}]}"#, "invalid_messages"),
            ("", #"{"messages":[{"role":"user"}]}"#, "invalid_messages"),
            ("", #"{"messages":["a"]}"#, "invalid_messages"),
            ("", #"{"messages":[{"role":"user","content":"a","name":"b"}]}"#, "invalid_messages"),
            ("", #"{"messages":[{"role":"user","content":["a"]}]}"#, "invalid_messages"),
            ("", #"{"messages":[{"role":"user","content":"a"}],"messages":[]}"#, "repeated_parameter"),
        ] as [(String, String?, String)]
    )
    func `a request that cannot be done is refused by a stable code`(
        query: String,
        body: String?,
        code: String
    ) {
        let problem = #expect(throws: RequestProblem.self) { try Self.decode(query, body) }
        #expect(problem?.code == code)
        #expect(problem?.status == 400)
    }

    @Test
    func `a body of bad UTF-8 is refused`() {
        let body = Array(#"{"prompt":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        let problem = #expect(throws: RequestProblem.self) {
            try PlainStreamRequest.decode(query: nil, body: body, knownNames: [])
        }
        #expect(problem?.code == "malformed_json")
    }

    private static func decode(_ query: String?, _ body: String?) throws -> PlainStreamRequest {
        try PlainStreamRequest.decode(
            query: query,
            body: body.map { Array($0.utf8) },
            knownNames: ["rate", "burst", "unit"]
        )
    }
}
