// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing

@testable import MockModel

struct TemplateTests {
    private static let input = ScenarioFixture.input([
        ChatMessage(role: .system, content: "sys"), ChatMessage(role: .user, content: "one"),
        ChatMessage(role: .tool, content: "rain"), ChatMessage(role: .user, content: "say \"hi\"\n{{ model }}"),
        ChatMessage(role: .assistant, content: "last"),
    ]) { input in
        input.headers = [("x-test", "42")]
        input.now = 1_769_860_800_250_000_000
    }

    @Test(arguments: [
        ("{{ prompt }}", "say \"hi\"\n{{ model }}"), ("{{prompt}}!", "say \"hi\"\n{{ model }}!"),
        ("{{ messages.first }}", "sys"), ("{{ messages.last }}", "last"), ("{{ messages[1] }}", "one"),
        ("<{{ messages[9] }}>", "<>"), ("{{ messages.count }}", "5"), ("{{ model }}", "demo-1"),
        ("{{ system }}", "sys"),
        ("{{ tool_result }}", "rain"), ("{{ turn }}{{turn}}", "22"), ("{{ seed }}", "7"),
        ("{{ now }}", "2026-01-31T12:00:00.250Z"), ("{{ header.X-Test }}", "42"), ("{{ header.other }}", ""),
        ("{{{{ model }}", "{{ model }}"), ("a } }} { b", "a } }} { b"), ("{{{{{{{{", "{{{{"), ("", ""),
        ("ü{{ turn }}ü", "ü2ü"), ("{{\tturn\n}}", "2"),
    ])
    func `what is in braces is filled in`(text: String, expected: String) throws {
        var filler = TemplateFiller(Self.input, seed: 7)
        #expect(filler.text(try Template(text)) == expected)
    }

    @Test func `a UUID is of version 4, comes from the seed and is another at each place`() throws {
        func uuids(_ seed: UInt64) throws -> [Substring] {
            var filler = TemplateFiller(Self.input, seed: seed)
            return filler.text(try Template("{{ uuid }} {{ uuid }}")).split(separator: " ")
        }
        let pattern = try Pattern(
            "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
            ignoresCase: false
        )
        for seed in 0..<100 {
            let pair = try uuids(UInt64(seed))
            #expect(try pair == uuids(UInt64(seed)))
            #expect(Set(pair).count == 2)
            for uuid in pair { #expect(pattern.search(Array(uuid.utf8), scratch: PatternScratch()) == .match) }
        }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (.max, "2262-04-11T23:47:16.854Z"), (.min, "1677-09-21T00:12:43.145Z"),
    ])
    func `a time is written as RFC 3339`(time: Int64, expected: String) {
        #expect(TemplateFiller.rfc3339(time) == expected)
    }

    @Test(arguments: [
        ("x {{ promt }}", 0), ("{{ }}", 0), ("\n\n{{ model", 2), ("{{ messages[-1] }}", 0), ("{{ messages[x] }}", 0),
        ("{{ header. }}", 0), ("a\n{{ Model }}", 1), ("{{ messages[99999999999999999999] }}", 0),
    ])
    func `an unknown name is a mistake with its line`(text: String, line: Int) {
        let mistake = #expect(throws: Template.Mistake.self) { try Template(text) }
        #expect(mistake?.line == line)
    }

    @Test func `in a JSON mapping what is filled in is escaped, in a text it is not`() throws {
        let mapping = "{tool_call: {name: t, arguments: {\"a\\\"{{{{\": \"<{{ prompt }}>\", b: \"{{ turn }}\"}, id: i}}"
        let text = "{tool_call: {name: t, arguments: '{\"a\":\"{{ prompt }}\"}', id: i}}"
        guard case .answer(let first) = try ScenarioFixture.reply(mapping, to: Self.input),
            case .answer(let second) = try ScenarioFixture.reply(text, to: Self.input),
            case .toolCall(let escaped) = first.steps.first, case .toolCall(let raw) = second.steps.first
        else {
            Issue.record("no tool calls")
            return
        }
        #expect(escaped.arguments == Array(#"{"a\"{{{{":"<say \"hi\"\n{{ model }}>","b":"2"}"#.utf8))
        #expect(try JSONReader.read(escaped.arguments)["b"]?.text == "2")
        #expect(raw.arguments == Array("{\"a\":\"say \"hi\"\n{{ model }}\"}".utf8))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a long template takes time in proportion to its length`() throws {
        let text = String(repeating: "{{turn}}", count: 20_000) + String(repeating: "{{{{\n", count: 20_000)
        var filler = TemplateFiller(Self.input, seed: 7)
        #expect(filler.bytes(try Template(text)).count == 20_000 + 3 * 20_000)
    }

    @Test func `a few braces cannot ask for endless text`() throws {
        let input = ScenarioFixture.input(String(repeating: "x", count: 1 << 20))
        var filler = TemplateFiller(input, seed: 1)
        let bytes = filler.bytes(try Template(String(repeating: "{{ prompt }}", count: 100)))
        #expect(bytes.count == 16 << 20)
    }
}
