// SPDX-License-Identifier: Apache-2.0

import MockModel
import Testing

struct ScenarioStrictnessTests {
    @Test(arguments: [
        (
            "- name: a\n  reply: b\n  replay: c",
            "dir/file.yaml:3: [0].replay: there is no such key; known here: name, when, reply, pace, weight, times"
        ),
        ("other: 1", "dir/file.yaml:1: other: there is no such key; known here: scenarios"),
        ("- reply: b", "dir/file.yaml:1: [0]: needs a \"name\""),
        ("- name: a", "dir/file.yaml:1: [0]: needs a \"reply\""),
        ("- {name: '', reply: b}", "dir/file.yaml:1: [0].name: may not be empty"),
        ("- a", "dir/file.yaml:1: [0]: has to be a scenario with \"name\" and \"reply\""),
        ("just text", "dir/file.yaml:1: has to be a mapping of keys to values"),
        ("scenarios: 3", "dir/file.yaml:1: scenarios: has to be a list"),
        (
            "scenarios:\n  - name: a\n    reply: b\n  - name: a\n    reply: c",
            "dir/file.yaml:4: scenarios[1].name: is also the name of the scenario at dir/file.yaml:2"
        ),
        ("- name: a\n  reply: b\n  name: c", "dir/file.yaml:3: name: is given twice"),
        ("- name: [a\n", "dir/file.yaml:2: is not valid YAML: did not find expected ',' or ']'"),
        ("- {name: a, reply: b, weight: 0}", "dir/file.yaml:1: [0].weight: has to be a number, 0.001 to 1000000.0"),
        ("- {name: a, reply: b, times: 0}", "dir/file.yaml:1: [0].times: has to be a whole number, 1 to 1000000000"),
        ("- name: a\n  reply: b\n  pace:\n    rate: x", "dir/file.yaml:3: [0].pace: rate: has to be a number"),
        ("- {name: a, reply: b, pace: {x: [1]}}", "dir/file.yaml:1: [0].pace.x: has to be text"),
    ])
    func `what is wrong with a file is told with its line`(yaml: String, expected: String) {
        #expect(Self.problem(yaml) == expected)
    }

    @Test(arguments: [
        (
            "modell: a",
            "modell: there is no such key; known here: model, format, path, last_user, any_message, role, turn, tool, "
                + "tool_result, header, api_key, call, streamed"
        ),
        ("model: {}", "model: needs one of equals, contains, prefix, regex"),
        (
            "model: {contain: a}",
            "model.contain: there is no such key; known here: equals, contains, prefix, regex, ignore_case"
        ),
        ("model: [a]", "model: has to be text"),
        ("model: {regex: 'a('}", "model.regex: is no regular expression: missing closing parenthesis, at byte 2"),
        ("model: {regex: a, ignore_case: maybe}", "model.ignore_case: has to be true or false"),
        (
            "format: openai",
            "format: has to be one of plain_stream, openai_chat, openai_completions, openai_responses, "
                + "anthropic_messages, gemini, ollama_chat, ollama_generate, ui_message_stream"
        ),
        ("format: []", "format: may not be empty"),
        ("role: bot", "role: has to be one of system, developer, user, assistant, tool"),
        ("turn: 0", "turn: has to be a whole number, 1 to 1000000000"),
        ("call: {from: 3, to: 2}", "call: \"from\" is after \"to\""),
        ("tool: false", "tool: has to be a text, a matcher or true; put a tool's name in quotes"),
        ("header: x-test", "header: has to be a mapping of keys to values"),
        ("header: [{value: a}]", "header[0]: needs a \"name\""),
        ("streamed: 'true'", "streamed: has to be true or false"),
        ("any_message: {role: user}", "any_message: needs one of equals, contains, prefix, regex"),
    ])
    func `what is wrong with a condition is told`(condition: String, expected: String) {
        let problem = Self.problem("- name: a\n  reply: b\n  when:\n    \(condition)")
        #expect(problem == "dir/file.yaml:4: [0].when.\(expected)")
    }

    @Test(arguments: [
        (
            "[{txt: a}]",
            "[0].txt: there is no such key; known here: text, reasoning, tool_call, refusal, pause, usage, fault, "
                + "finish, cassette, mock, status, retry_after, message, code"
        ),
        ("[{text: a, pause: 1}]", "[0]: has to be one step, such as \"text: Hello\""),
        ("[{}]", "[0]: has to be one step, such as \"text: Hello\""),
        ("[a]", "[0]: has to be a mapping of keys to values"),
        ("[{text: a}, {status: 429}]", "[1]: has to be the only step of its reply"),
        ("[{cassette: a}, {text: a}]", "[0]: has to be the only step of its reply"),
        ("[{mock: prose}, {text: a}]", "[0]: has to be the only step of its reply"),
        ("{status: 200}", ".status: has to be a whole number, 400 to 599"),
        ("{status: 429, text: a}", ".text: there is no such key; known here: status, retry_after, message, code"),
        ("{message: a}", ".message: needs a \"status\" beside it"),
        (
            "{mock: poetry}",
            ".mock: has to be one of mock, echo, prose, markdown, "
                + "code, math, emoji, chinese, japanese, thai, arabic, long"
        ),
        ("{cassette: {file: a, as: b}}", ".cassette.as: has to be raw or events"),
        ("{cassette: {speed: 1}}", ".cassette: needs a \"file\""),
        ("{pause: -1}", ".pause: has to be a number, 0.0 to 3600000.0"),
        ("{pause: nan}", ".pause: has to be a number, 0.0 to 3600000.0"),
        ("{fault: flood}", ".fault: there is no fault flood"),
        ("{finish: done}", ".finish: has to be one of stop, length, tool_calls, content_filter, refusal"),
        ("[{finish: stop}, {finish: stop}]", "[1].finish: is given twice in this reply"),
        ("[{usage: {}}, {usage: {}}]", "[1].usage: is given twice in this reply"),
        (
            "{usage: {tokens: 1}}",
            ".usage.tokens: there is no such key; known here: input_tokens, output_tokens, "
                + "reasoning_tokens, cached_tokens"
        ),
        ("{tool_call: {arguments: {}}}", ".tool_call: needs a \"name\""),
    ])
    func `what is wrong with a reply is told`(reply: String, expected: String) {
        #expect(Self.problem("- name: a\n  reply: \(reply)") == "dir/file.yaml:2: [0].reply\(expected)")
    }

    @Test func `an unknown template is told with its own line in a block`() {
        let problem = Self.problem("- name: a\n  reply:\n    - text: |\n        one\n        two {{ nobody }}\n")
        #expect(
            problem?.hasPrefix("dir/file.yaml:5: [0].reply[0].text: there is no {{ nobody }}; known: prompt, ") == true
        )
    }

    @Test func `names are unique over all files`() {
        let sources = ["1.yaml", "2.yaml"].map { ScenarioSource(path: $0, text: "- {name: a, reply: b}") }
        let problem = #expect(throws: ScenarioProblem.self) {
            try ScenarioLibrary(sources, checks: ScenarioFixture.checks)
        }
        #expect(problem?.description == "2.yaml:1: [0].name: is also the name of the scenario at 1.yaml:1")
    }

    @Test(arguments: ["", "# nothing", "scenarios:", "scenarios: []", "[]", "---"])
    func `a file may hold nothing`(yaml: String) throws {
        #expect(try ScenarioFixture.library(yaml).count == 0)
    }

    @Test func `nesting and aliases are bounded`() {
        let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        let nested = Self.problem("- {name: a, reply: {tool_call: {name: t, arguments: \(deep)}}}")
        #expect(nested?.hasSuffix("is nested too deep, 64 at most") == true)
        let bomb = (1..<12).map { "&a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ", "))]" }
        let yaml = "- {name: a, reply: {tool_call: {name: t, arguments: [&a0 x, \(bomb.joined(separator: ", "))]}}}"
        #expect(Self.problem(yaml)?.hasSuffix("has more than 10000 values") == true)
    }

    private static func problem(_ yaml: String) -> String? {
        do {
            _ = try ScenarioFixture.library(yaml)
            return nil
        } catch {
            return error.description
        }
    }
}
