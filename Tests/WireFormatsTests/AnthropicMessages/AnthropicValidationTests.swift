// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

struct AnthropicValidationTests {
    private static let hi = #""messages":[{"role":"user","content":"hi"}]"#

    @Test(arguments: [
        ("{}", "model: Field required", "model"),
        (#"{"model":"m"}"#, "max_tokens: Field required", "max_tokens"),
        (#"{"model":"m","max_tokens":1}"#, "messages: Field required", "messages"),
        (#"{"model":null,"max_tokens":1,\#(hi)}"#, "model: Field required", "model"),
        (#"{"model":5,"max_tokens":1,\#(hi)}"#, "model: Input should be a valid string", "model"),
        (#"{"model":"","max_tokens":1,\#(hi)}"#, "model: String should have at least 1 character", "model"),
        (#"{"model":"m","max_tokens":"1",\#(hi)}"#, "max_tokens: Input should be a valid integer", "max_tokens"),
        (
            #"{"model":"m","max_tokens":0,\#(hi)}"#, "max_tokens: Input should be greater than or equal to 1",
            "max_tokens"
        ),
        (#"{"model":"m","max_tokens":1,"messages":{}}"#, "messages: Input should be a valid list", "messages"),
        (#"{"model":"m","max_tokens":1,"messages":[]}"#, "messages: at least one message is required", "messages"),
    ])
    func `what a request needs has to be there and of its type`(body: String, message: String, parameter: String) {
        Self.expect(body, message, parameter)
    }

    @Test(arguments: [
        (#""stream":"yes""#, "stream: Input should be a valid boolean", "stream"),
        (#""system":5"#, "system: Input should be a valid list", "system"),
        (#""system":[{"type":"image"}]"#, "system.0.type: Input should be 'text'", "system[0].type"),
        (#""system":[{"type":"text"}]"#, "system.0.text.text: Field required", "system[0].text"),
        (#""stop_sequences":"END""#, "stop_sequences: Input should be a valid list", "stop_sequences"),
        (
            #""stop_sequences":["a"\#(String(repeating: #","a""#, count: 256))]"#,
            "stop_sequences: List should have at most 256 items, not 257", "stop_sequences"
        ),
        (#""stop_sequences":["a",1]"#, "stop_sequences.1: Input should be a valid string", "stop_sequences[1]"),
        (#""temperature":1.5"#, "temperature: Input should be from 0 to 1", "temperature"),
        (#""top_p":"x""#, "top_p: Input should be a valid number", "top_p"),
        (#""top_k":-1"#, "top_k: Input should be greater than or equal to 0", "top_k"),
        (#""tools":{}"#, "tools: Input should be a valid list", "tools"),
        (#""tools":[{"name":"f"}]"#, "tools.0.custom.input_schema: Field required", "tools[0].input_schema"),
        (
            #""tools":[{"input_schema":{"type":"object"}}]"#, "tools.0.custom.name: Field required", "tools[0].name"
        ),
        (
            #""tools":[{"name":"f","input_schema":{"type":"array"}}]"#,
            "tools.0.custom.input_schema.type: Input should be 'object'", "tools[0].input_schema.type"
        ),
        (
            #""tool_choice":{"type":"all"}"#, "tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'",
            "tool_choice.type"
        ),
        (#""tool_choice":{"type":"tool"}"#, "tool_choice.tool.name: Field required", "tool_choice.name"),
        (
            #""tool_choice":{"type":"tool","name":"g"}"#, "tool_choice.tool.name: no tool of that name is given",
            "tool_choice.name"
        ),
        (#""tool_choice":"auto""#, "tool_choice: Input should be a valid dictionary", "tool_choice"),
        (
            #""thinking":{"type":"on"}"#,
            "thinking.type: Input should be 'enabled', 'adaptive', 'disabled' or 'between_tools'", "thinking.type"
        ),
        (
            #""thinking":{"type":"enabled"}"#, "thinking.enabled.budget_tokens: Field required",
            "thinking.budget_tokens"
        ),
        (
            #""thinking":{"type":"enabled","budget_tokens":1023}"#,
            "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024", "thinking.budget_tokens"
        ),
        (#""output_config":[]"#, "output_config: Input should be a valid dictionary", "output_config"),
        (
            #""output_config":{"format":{"type":"json"}}"#, "output_config.format.type: Input should be 'json_schema'",
            "output_config.format.type"
        ),
        (
            #""output_config":{"format":{"type":"json_schema"}}"#, "output_config.format.schema: Field required",
            "output_config.format.schema"
        ),
    ])
    func `what it may have has to be of its type and in its range`(field: String, message: String, parameter: String) {
        Self.expect(#"{"model":"m","max_tokens":1,\#(Self.hi),\#(field)}"#, message, parameter)
    }

    @Test(arguments: [
        ("5", "messages.0: Input should be a valid dictionary", "messages[0]"),
        (#"{"content":"a"}"#, "messages.0.role: Field required", "messages[0].role"),
        (
            #"{"role":"tool","content":"a"}"#, "messages.0.role: Input should be 'user', 'assistant' or 'system'",
            "messages[0].role"
        ),
        (#"{"role":"user"}"#, "messages.0.content: Field required", "messages[0].content"),
        (#"{"role":"user","content":5}"#, "messages.0.content: Input should be a valid list", "messages[0].content"),
    ])
    func `a message has a role and content`(item: String, message: String, parameter: String) {
        Self.expect(#"{"model":"m","max_tokens":1,"messages":[\#(item)]}"#, message, parameter)
    }

    @Test(arguments: [
        (#""a""#, "messages.0.content.0: Input should be a valid dictionary", ""),
        ("{}", "messages.0.content.0.type: Field required", ".type"),
        (#"{"type":"text"}"#, "messages.0.content.0.text.text: Field required", ".text"),
        (#"{"type":"text","text":1}"#, "messages.0.content.0.text.text: Input should be a valid string", ".text"),
        (#"{"type":"image"}"#, "messages.0.content.0.image.source: Field required", ".source"),
        (
            #"{"type":"image","source":{"type":"text"}}"#,
            "messages.0.content.0.image.source.type: Input should be 'base64', 'url' or 'file'", ".source.type"
        ),
        (
            #"{"type":"image","source":{"type":"base64","data":"x"}}"#,
            "messages.0.content.0.image.source.base64.media_type: Field required", ".source.media_type"
        ),
        (
            #"{"type":"document","source":{"type":"url"}}"#,
            "messages.0.content.0.document.source.url.url: Field required",
            ".source.url"
        ),
        (#"{"type":"tool_result"}"#, "messages.0.content.0.tool_result.tool_use_id: Field required", ".tool_use_id"),
        (
            #"{"type":"tool_result","tool_use_id":"t","content":[{"type":"text"}]}"#,
            "messages.0.content.0.tool_result.content.0.text.text: Field required", ".content[0].text"
        ),
        (
            #"{"type":"tool_use","id":"t","name":"f","input":{}}"#,
            "messages.0.content.0: only an assistant's message takes `tool_use` blocks", ""
        ),
        (
            #"{"type":"thinking","signature":"x"}"#, "messages.0.content.0.thinking.thinking: Field required",
            ".thinking"
        ),
    ])
    func `a block is of a kind that is known, and whole`(block: String, message: String, parameter: String) {
        let body = #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[\#(block)]}]}"#
        Self.expect(body, message, "messages[0].content[0]" + parameter)
    }

    @Test
    func `a block of another kind is refused, and the known kinds are named`() {
        let body = Self.talk(#"{"role":"user","content":[{"type":"image_url","image_url":{}}]}"#)
        let problem = #expect(throws: RequestProblem.self) { try Self.decode(body) }
        #expect(problem?.message.hasPrefix("messages.0.content.0: no such `type` of block") == true)
        #expect(problem?.message.contains("tool_result") == true)
    }

    @Test(arguments: [
        (#"{"role":"user","content":"a"},\#(call)"#, 1), (#"\#(call),{"role":"user","content":"no"}"#, 0),
        (#"\#(call),{"role":"user","content":"no"},{"role":"assistant","content":"b"},\#(result)"#, 0),
    ])
    func `a call without a result in the turn that follows is refused`(messages: String, index: Int) {
        let message = "messages.\(index): the `tool_use` t has no `tool_result` in the message that follows"
        Self.expect(Self.talk(messages), message, "messages[\(index)]")
    }

    @Test(arguments: [
        #"\#(call),\#(result)"#,
        #"\#(call),{"role":"assistant","content":"b"},{"role":"user","content":"c"},\#(result)"#,
        result,
    ])
    func `messages of one side after each other are one turn, and results of older calls are taken`(
        messages: String
    ) throws {
        #expect(try !Self.decode(Self.talk(messages)).chat.messages.isEmpty)
    }

    @Test(arguments: ["", "{", "[]", "5", #"{"model":"m",}"#])
    func `a body that is no JSON object is refused`(body: String) {
        let problem = #expect(throws: RequestProblem.self) { try Self.decode(body) }
        #expect(problem?.status == 400 && problem?.code == "malformed_json")
    }

    @Test
    func `a body of bad UTF-8 is refused`() {
        let body = Array(#"{"model":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        let problem = #expect(throws: RequestProblem.self) {
            try AnthropicMessagesRequest(body: body, version: "2023-06-01")
        }
        #expect(problem?.code == "malformed_json")
    }

    private static let call =
        #"{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]}"#
    private static let result =
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}"#

    private static func talk(_ messages: String) -> String {
        #"{"model":"m","max_tokens":1,"messages":[\#(messages)]}"#
    }

    private static func expect(
        _ body: String,
        _ message: String,
        _ parameter: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let problem = #expect(throws: RequestProblem.self, sourceLocation: sourceLocation) { try decode(body) }
        let expected = RequestProblem(code: "invalid_request_error", message: message, parameter: parameter)
        #expect(problem == expected, sourceLocation: sourceLocation)
    }

    private static func decode(_ body: String) throws -> AnthropicMessagesRequest {
        try AnthropicMessagesRequest(body: Array(body.utf8), version: "2023-06-01")
    }
}
