// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

struct OpenAIResponsesValidationTests {
    @Test(arguments: [
        (#""input":"x","model":5"#, "invalid_type", "model"),
        (#""input":"x""#, "missing_required_parameter", "model"),
        (#""input":"x","model":"""#, "missing_required_parameter", "model"),
    ])
    func `a model is needed`(members: String, code: String, parameter: String) {
        Self.expect("{\(members)}", code, parameter)
    }

    @Test(arguments: [
        (#""x":1"#, "missing_required_parameter", "input"),
        (#""input":null"#, "missing_required_parameter", "input"),
        (#""input":7"#, "invalid_type", "input"),
        (#""input":[]"#, "empty_array", "input"),
        (#""input":["x"]"#, "invalid_type", "input[0]"),
        (#""input":[{"content":"x"}]"#, "missing_required_parameter", "input[0].role"),
        (#""input":[{"role":"tool","content":"x"}]"#, "invalid_value", "input[0].role"),
        (#""input":[{"role":"user"}]"#, "missing_required_parameter", "input[0].content"),
        (#""input":[{"role":"user","content":{}}]"#, "invalid_type", "input[0].content"),
        (
            #""input":[{"role":"user","content":[{"type":"text","text":"x"}]}]"#, "invalid_value",
            "input[0].content[0].type"
        ),
        (
            #""input":[{"role":"user","content":[{"type":"input_text"}]}]"#, "missing_required_parameter",
            "input[0].content[0].text"
        ),
        (
            #""input":[{"role":"user","content":[{"type":"input_image"}]}]"#, "missing_required_parameter",
            "input[0].content[0].image_url"
        ),
        (
            #""input":[{"role":"user","content":[{"type":"input_audio","input_audio":1}]}]"#, "invalid_type",
            "input[0].content[0].input_audio"
        ),
        (#""input":[{"type":"poem"}]"#, "invalid_value", "input[0].type"),
        (#""input":[{"type":3}]"#, "invalid_type", "input[0].type"),
        (
            #""input":[{"type":"function_call","name":"f","arguments":"{}"}]"#, "missing_required_parameter",
            "input[0].call_id"
        ),
        (
            #""input":[{"type":"function_call","call_id":"c","name":"f","arguments":{}}]"#, "invalid_type",
            "input[0].arguments"
        ),
        (#""input":[{"type":"function_call_output","call_id":"c"}]"#, "missing_required_parameter", "input[0].output"),
        (#""input":[{"type":"reasoning","summary":"x"}]"#, "invalid_type", "input[0].summary"),
        (#""input":[{"type":"item_reference"}]"#, "missing_required_parameter", "input[0].id"),
    ])
    func `an item that cannot be is named by its path`(members: String, code: String, parameter: String) {
        Self.expect(#"{"model":"m",\#(members)}"#, code, parameter)
    }

    @Test(arguments: [
        (#""stream":"yes""#, "invalid_type", "stream"),
        (#""instructions":[]"#, "invalid_type", "instructions"),
        (#""max_output_tokens":15"#, "integer_below_min_value", "max_output_tokens"),
        (#""max_output_tokens":16.5"#, "invalid_type", "max_output_tokens"),
        (#""temperature":2.1"#, "decimal_above_max_value", "temperature"),
        (#""temperature":"1""#, "invalid_type", "temperature"),
        (#""top_p":-1"#, "decimal_below_min_value", "top_p"),
        (#""top_logprobs":21"#, "integer_above_max_value", "top_logprobs"),
        (#""reasoning":{"effort":"huge"}"#, "invalid_value", "reasoning.effort"),
        (#""reasoning":{"summary":"long"}"#, "invalid_value", "reasoning.summary"),
        (#""reasoning":"low""#, "invalid_type", "reasoning"),
        (#""truncation":"maybe""#, "invalid_value", "truncation"),
        (#""metadata":{"a":1}"#, "invalid_type", "metadata.a"),
        (#""metadata":[]"#, "invalid_type", "metadata"),
        (#""include":"x""#, "invalid_type", "include"),
        (#""text":{"verbosity":"loud"}"#, "invalid_value", "text.verbosity"),
        (#""text":{"format":{}}"#, "missing_required_parameter", "text.format.type"),
        (#""text":{"format":{"type":"xml"}}"#, "invalid_value", "text.format.type"),
        (#""text":{"format":{"type":"json_schema","name":"n"}}"#, "missing_required_parameter", "text.format.schema"),
        (#""text":{"format":{"type":"json_schema","schema":{}}}"#, "missing_required_parameter", "text.format.name"),
        (#""tools":{}"#, "invalid_type", "tools"),
        (#""tools":[{}]"#, "missing_required_parameter", "tools[0].type"),
        (#""tools":[{"type":"function","function":{"name":"f"}}]"#, "missing_required_parameter", "tools[0].name"),
        (#""tools":[{"type":"function","name":"a b"}]"#, "invalid_value", "tools[0].name"),
        (#""tools":[{"type":"function","name":"f","parameters":"x"}]"#, "invalid_type", "tools[0].parameters"),
        (#""tool_choice":"some""#, "invalid_value", "tool_choice"),
        (#""tool_choice":7"#, "invalid_type", "tool_choice"),
        (#""tool_choice":"required""#, "invalid_value", "tool_choice"),
        (#""tool_choice":{"type":"function","name":"f"}"#, "invalid_value", "tool_choice"),
        (#""background":true,"store":false"#, "invalid_value", "background"),
        (#""previous_response_id":"r","conversation":"c""#, "mutually_exclusive_parameters", "previous_response_id"),
        (#""previous_response_id":5"#, "invalid_type", "previous_response_id"),
    ])
    func `a field that cannot be is named, with the code of its fault`(members: String, code: String, parameter: String)
    {
        Self.expect(#"{"model":"m","input":"x",\#(members)}"#, code, parameter)
    }

    @Test(arguments: ["", "[]", "\"x\"", "{", "{\"model\":\"m\",}", "\u{FEFF}{}", "nul"])
    func `what is no JSON object is refused`(body: String) {
        #expect(throws: RequestProblem.self) { try OpenAIResponsesRequest(body: Array(body.utf8)) }
    }

    @Test
    func `too many tools and too much metadata are refused`() {
        let tools = Array(repeating: #"{"type":"web_search"}"#, count: 129).joined(separator: ",")
        Self.expect(#"{"model":"m","input":"x","tools":[\#(tools)]}"#, "array_above_max_length", "tools")
        let pairs = (0..<17).map { #""k\#($0)":"v""# }.joined(separator: ",")
        Self.expect(#"{"model":"m","input":"x","metadata":{\#(pairs)}}"#, "invalid_value", "metadata")
        let long = String(repeating: "v", count: 513)
        Self.expect(#"{"model":"m","input":"x","metadata":{"a":"\#(long)"}}"#, "invalid_value", "metadata.a")
    }

    @Test(arguments: ["\"prompt\":{\"id\":\"p\"}", "\"conversation\":\"c\"", "\"previous_response_id\":\"r\""])
    func `no input is needed where something else gives the turns`(members: String) throws {
        let request = try OpenAIResponsesRequest(body: Array(#"{"model":"m",\#(members)}"#.utf8))
        #expect(request.chat.messages.isEmpty)
    }

    private static func expect(_ body: String, _ code: String, _ parameter: String) {
        let problem = #expect(throws: RequestProblem.self) {
            try OpenAIResponsesRequest(body: Array(body.utf8))
        }
        #expect(problem?.status == 400)
        #expect(problem?.code == code)
        #expect(problem?.parameter == parameter)
    }
}
