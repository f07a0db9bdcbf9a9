// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

struct JSONEditorTests {
    private func edited(_ text: String, _ name: String, _ value: String) -> String {
        var editor = JSONEditor(Array(text.utf8))
        editor.set(name, to: Array(value.utf8))
        return String(decoding: editor.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (#"{"model":"a","x":1.50}"#, #"{"model":"b","x":1.50}"#),
        (
            "{ \"x\" : [1, {\"model\": \"no\"}] , \"model\"\t: \"a\" }",
            "{ \"x\" : [1, {\"model\": \"no\"}] , \"model\"\t: \"b\" }"
        ),
        (#"{"m\u006fdel":null}"#, #"{"m\u006fdel":"b"}"#),
        (#"{"model":{"a":"}"},"model":3}"#, #"{"model":"b","model":"b"}"#),
        (#"{"a":"\"model\":","model":true}"#, #"{"a":"\"model\":","model":"b"}"#),
        (#"{}"#, #"{"model":"b"}"#),
        (" {\n\"x\":1}\n", " {\"model\":\"b\",\n\"x\":1}\n"),
    ])
    func `a member gets its value, and every other byte stays`(before: String, after: String) {
        #expect(edited(before, "model", #""b""#) == after)
    }

    @Test func `an edited text is read as the object with that member`() throws {
        var dice = Dice(seed: 5)
        for _ in 0..<2000 {
            let members = (0..<Int.random(in: 0..<5, using: &dice)).map { _ in
                JSONValue.Member(
                    name: ["a", "model", "é\"", ""].randomElement(using: &dice) ?? "",
                    value: value(&dice, depth: 0)
                )
            }
            var editor = JSONEditor(JSONValue.object(members).jsonBytes)
            editor.set("model", to: Array("[7]".utf8))
            let read = try JSONReader.read(editor.bytes)
            #expect(read["model"] == .array([.number("7")]))
            #expect(read.members?.filter { $0.name != "model" } == members.filter { $0.name != "model" })
        }
    }

    @Test func `no bytes crash it`() {
        var dice = Dice(seed: 6)
        let alphabet = Array(#"{}[]",:\ a1"#.utf8)
        for _ in 0..<5000 {
            var editor = JSONEditor(
                (0..<Int.random(in: 0..<20, using: &dice)).compactMap { _ in alphabet.randomElement(using: &dice) }
            )
            editor.set("a", to: [0x31])
        }
    }

    private func value(_ dice: inout Dice, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 2 ? 4 : 6), using: &dice) {
        case 0: .null
        case 1: .number("-1.0e5")
        case 2: .string(Array(#"},"model":"#.utf8))
        case 3: .bool(true)
        case 4: .array((0..<Int.random(in: 0..<3, using: &dice)).map { _ in value(&dice, depth: depth + 1) })
        default: .object([JSONValue.Member(name: "model", value: value(&dice, depth: depth + 1))])
        }
    }
}
