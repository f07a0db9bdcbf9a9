// SPDX-License-Identifier: Apache-2.0

import Testing
import WireFormats

/// What the real API answers with 400 (openai-chat.md, part 1).
struct OpenAIChatRefusedRequestTests {
    @Test(arguments: [
        ("", "malformed_json"), ("{", "malformed_json"), ("[]", "malformed_json"), ("{}x", "malformed_json"),
        ("\"a\"", "malformed_json"),
    ])
    func `a body that is no JSON object is refused`(body: String, code: String) {
        let problem = Self.problem(Array(body.utf8))
        #expect(problem?.code == code)
        #expect(problem?.status == 400)
        #expect(problem?.parameter == nil)
    }

    @Test
    func `a body that is no UTF-8 is refused`() {
        #expect(Self.problem(Array("{\"model\":\"".utf8) + [0xFF] + Array("\"}".utf8))?.code == "malformed_json")
    }

    @Test(arguments: [
        ("{}", "missing_required_parameter", "model"),
        (#"{"model":""}"#, "missing_required_parameter", "model"),
        (#"{"model":1}"#, "invalid_type", "model"),
        (#"{"model":"m"}"#, "missing_required_parameter", "messages"),
        (#"{"model":"m","messages":null}"#, "missing_required_parameter", "messages"),
        (#"{"model":"m","messages":"hi"}"#, "invalid_type", "messages"),
        (#"{"model":"m","messages":[]}"#, "empty_array", "messages"),
    ])
    func `the model and the messages have to be there`(body: String, code: String, parameter: String) {
        Self.expect(Self.problem(Array(body.utf8)), code, parameter)
    }

    @Test(arguments: [
        ("1", "invalid_type", ""), ("{}", "missing_required_parameter", ".role"),
        (#"{"role":"boss","content":""}"#, "invalid_value", ".role"),
        (#"{"role":5,"content":""}"#, "invalid_type", ".role"),
        (#"{"role":"user"}"#, "missing_required_parameter", ".content"),
        (#"{"role":"user","content":null}"#, "missing_required_parameter", ".content"),
        (#"{"role":"user","content":5}"#, "invalid_type", ".content"),
        (#"{"role":"user","content":["a"]}"#, "invalid_type", ".content[0]"),
        (#"{"role":"user","content":[{"text":"a"}]}"#, "missing_required_parameter", ".content[0].type"),
        (#"{"role":"user","content":[{"type":"text"}]}"#, "missing_required_parameter", ".content[0].text"),
        (#"{"role":"user","content":[{"type":"refusal","refusal":"a"}]}"#, "invalid_value", ".content[0].type"),
        (#"{"role":"system","content":[{"type":"image_url"}]}"#, "invalid_value", ".content[0].type"),
        (#"{"role":"user","content":[{"type":"image_url"}]}"#, "missing_required_parameter", ".content[0].image_url"),
        (#"{"role":"user","content":[{"type":"image_url","image_url":"u"}]}"#, "invalid_type", ".content[0].image_url"),
        (
            #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp:a"}}]}"#, "invalid_value",
            ".content[0].image_url.url"
        ),
        (
            #"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"","format":"ogg"}}]}"#,
            "invalid_value", ".content[0].input_audio.format"
        ),
        (
            #"{"role":"user","content":[{"type":"file","file":{}}]}"#, "missing_required_parameter",
            ".content[0].file.file_id"
        ),
        (#"{"role":"user","content":"","name":1}"#, "invalid_type", ".name"),
        (#"{"role":"assistant"}"#, "missing_required_parameter", ".content"),
        (#"{"role":"assistant","tool_calls":{}}"#, "invalid_type", ".tool_calls"),
        (#"{"role":"assistant","tool_calls":[{}]}"#, "missing_required_parameter", ".tool_calls[0].type"),
        (
            #"{"role":"assistant","tool_calls":[{"type":"function"}]}"#, "missing_required_parameter",
            ".tool_calls[0].id"
        ),
        (
            #"{"role":"assistant","tool_calls":[{"type":"function","id":"a","function":{"name":"f","arguments":{}}}]}"#,
            "invalid_type", ".tool_calls[0].function.arguments"
        ),
        (#"{"role":"tool","content":"1"}"#, "missing_required_parameter", ".tool_call_id"),
        (#"{"role":"tool","content":"1","tool_call_id":"a"}"#, "invalid_value", ".tool_call_id"),
        (#"{"role":"function","content":"1"}"#, "missing_required_parameter", ".name"),
    ])
    func `a message that is none is refused with its place`(message: String, code: String, place: String) {
        let body = #"{"model":"m","messages":[{"role":"user","content":""},\#(message)]}"#
        Self.expect(Self.problem(Array(body.utf8)), code, "messages[1]" + place)
    }

    @Test(arguments: [
        "", #","# + #"{"role":"user","content":"so?"}"#, #",{"role":"tool","tool_call_id":"b","content":""}"#,
    ])
    func `calls that are not all answered are refused where the answer should be`(rest: String) {
        let call = #"{"id":"ID","type":"function","function":{"name":"f","arguments":""}}"#
        let calls = ["a", "b"].map { call.replacing("ID", with: $0) }.joined(separator: ",")
        let body = #"{"model":"m","messages":[{"role":"assistant","tool_calls":[\#(calls)]}\#(rest)]}"#
        let place = rest.contains("tool") ? 2 : 1
        Self.expect(Self.problem(Array(body.utf8)), "invalid_value", "messages[\(place)]")
    }

    @Test(arguments: [
        (#""stream":"true""#, "invalid_type", "stream"),
        (#""stream_options":{"include_usage":true}"#, "invalid_value", "stream_options"),
        (#""stream":true,"stream_options":[]"#, "invalid_type", "stream_options"),
        (#""stream":true,"stream_options":{"include_usage":1}"#, "invalid_type", "stream_options.include_usage"),
        (#""n":0"#, "integer_below_min_value", "n"), (#""n":129"#, "integer_above_max_value", "n"),
        (#""n":1.5"#, "invalid_type", "n"), (#""n":"2""#, "invalid_type", "n"), (#""n":1e3"#, "invalid_type", "n"),
        (#""max_tokens":0"#, "integer_below_min_value", "max_tokens"),
        (#""max_completion_tokens":-1"#, "integer_below_min_value", "max_completion_tokens"),
        (#""max_tokens":1,"max_completion_tokens":1"#, "unsupported_parameter", "max_tokens"),
        (#""stop":["a","b","c","d","e"]"#, "array_above_max_length", "stop"),
        (#""stop":5"#, "invalid_type", "stop"), (#""stop":["a",5]"#, "invalid_type", "stop[1]"),
        (#""seed":9223372036854775808"#, "invalid_type", "seed"), (#""seed":1.0"#, "invalid_type", "seed"),
        (#""temperature":2.1"#, "decimal_above_max_value", "temperature"),
        (#""temperature":-0.1"#, "decimal_below_min_value", "temperature"),
        (#""temperature":1e999"#, "decimal_above_max_value", "temperature"),
        (#""temperature":"hot""#, "invalid_type", "temperature"),
        (#""top_p":1.1"#, "decimal_above_max_value", "top_p"),
        (#""frequency_penalty":-2.5"#, "decimal_below_min_value", "frequency_penalty"),
        (#""presence_penalty":2.5"#, "decimal_above_max_value", "presence_penalty"),
        (#""logprobs":2"#, "invalid_type", "logprobs"),
        (#""top_logprobs":2"#, "invalid_value", "top_logprobs"),
        (#""logprobs":true,"top_logprobs":21"#, "integer_above_max_value", "top_logprobs"),
        (#""response_format":"json""#, "invalid_type", "response_format"),
        (#""response_format":{}"#, "missing_required_parameter", "response_format.type"),
        (#""response_format":{"type":"xml"}"#, "invalid_value", "response_format.type"),
        (#""response_format":{"type":"json_schema"}"#, "missing_required_parameter", "response_format.json_schema"),
        (
            #""response_format":{"type":"json_schema","json_schema":{}}"#, "missing_required_parameter",
            "response_format.json_schema.name"
        ),
        (
            #""response_format":{"type":"json_schema","json_schema":{"name":"n","schema":1}}"#, "invalid_type",
            "response_format.json_schema.schema"
        ),
        (#""reasoning_effort":"huge""#, "invalid_value", "reasoning_effort"),
        (#""modalities":["text","audio"]"#, "invalid_value", "modalities"),
        (#""modalities":["smell"]"#, "invalid_value", "modalities[0]"),
        (#""modalities":"text""#, "invalid_type", "modalities"),
        (#""audio":{"voice":"v","format":"wav"}"#, "unsupported_parameter", "audio"),
        (#""verbosity":"loud""#, "invalid_value", "verbosity"),
    ])
    func `an option out of its type or range is refused by name`(option: String, code: String, parameter: String) {
        Self.expect(Self.problem(option), code, parameter)
    }

    @Test(arguments: [
        (#""tools":{}"#, "invalid_type", "tools"),
        (#""tools":[{}]"#, "missing_required_parameter", "tools[0].type"),
        (#""tools":[{"type":"magic"}]"#, "invalid_value", "tools[0].type"),
        (#""tools":[{"type":"function"}]"#, "missing_required_parameter", "tools[0].function"),
        (#""tools":[{"type":"function","function":{}}]"#, "missing_required_parameter", "tools[0].function.name"),
        (#""tools":[{"type":"function","function":{"name":"a b"}}]"#, "invalid_value", "tools[0].function.name"),
        (#""tools":[{"type":"function","function":{"name":""}}]"#, "invalid_value", "tools[0].function.name"),
        (
            #""tools":[{"type":"function","function":{"name":"a","parameters":[]}}]"#, "invalid_type",
            "tools[0].function.parameters"
        ),
        (#""tool_choice":"required""#, "invalid_value", "tool_choice"),
        (#""tool_choice":"maybe""#, "invalid_value", "tool_choice"),
        (#""tool_choice":5"#, "invalid_type", "tool_choice"),
        (#""tool_choice":{"type":"function","function":{"name":"a"}}"#, "invalid_value", "tool_choice"),
        (#""tool_choice":{"type":"function"}"#, "missing_required_parameter", "tool_choice.function"),
        (
            #""tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto"}}"#, "missing_required_parameter",
            "tool_choice.allowed_tools.tools"
        ),
        (
            #"""
            "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto",
            "tools":[{"type":"function","function":{"name":"z"}}]}}
            """#,
            "invalid_value", "tool_choice"
        ),
        (#""functions":[{"name":"f"}],"function_call":{"name":"g"}"#, "invalid_value", "function_call"),
        (#""functions":[{"name":"f"}],"function_call":"required""#, "invalid_value", "function_call"),
        (
            #""functions":[{"name":"f"}],"tools":[{"type":"function","function":{"name":"a"}}]"#,
            "unsupported_parameter", "functions"
        ),
    ])
    func `a tool that cannot be called is refused with its place`(option: String, code: String, parameter: String) {
        Self.expect(Self.problem(option), code, parameter)
    }

    @Test
    func `at most 128 tools with names of at most 64 letters are taken`() {
        let tool = #"{"type":"function","function":{"name":"\#(String(repeating: "a", count: 64))"}}"#
        func tools(_ count: Int) -> String {
            "\"tools\":[\(Array(repeating: tool, count: count).joined(separator: ","))]"
        }
        #expect(Self.problem(tools(128)) == nil)
        Self.expect(Self.problem(tools(129)), "array_above_max_length", "tools")
        let long = tools(1).replacing("aaaa\"", with: "aaaaa\"")
        Self.expect(Self.problem(long), "invalid_value", "tools[0].function.name")
    }

    @Test
    func `a message repeats only the start of a long value`() {
        let marks = String(repeating: "\u{301}", count: 5000)
        let problem = Self.problem("\"reasoning_effort\":\"e\(marks)\"")
        #expect(problem?.message.unicodeScalars.count ?? .max < 300)
    }

    private static func problem(_ body: [UInt8]) -> RequestProblem? {
        do {
            _ = try OpenAIChatRequest(body: body)
            return nil
        } catch {
            return error
        }
    }

    private static func problem(_ option: String) -> RequestProblem? {
        problem(Array(#"{"model":"m","messages":[{"role":"user","content":"Hei"}],\#(option)}"#.utf8))
    }

    private static func expect(
        _ problem: RequestProblem?,
        _ code: String,
        _ parameter: String,
        at location: SourceLocation = #_sourceLocation
    ) {
        #expect(problem?.status == 400, sourceLocation: location)
        #expect(problem?.code == code, sourceLocation: location)
        #expect(problem?.parameter == parameter, sourceLocation: location)
    }
}
