// SPDX-License-Identifier: Apache-2.0

import MockModel
import TestSupport
import Testing

struct ScenarioFuzzTests {
    private static let text = """
        scenarios:
          - name: weather
            when:
              model: {prefix: demo-, ignore_case: true}
              format: [openai_chat, gemini]
              last_user: {regex: "wea(ther|ter)+", contains: w}
              header: [{name: x-test, value: a}, {name: y}]
              call: {from: 1, to: 4}
              tool: true
            reply: &r
              - reasoning: "hm {{ prompt }} \\u00e9"
              - text: |
                  {{ messages[1] }} {{{{ {{ now }}
              - tool_call: {name: t, arguments: {a: [1, ~, "{{ uuid }}"], b: {c: !!str 3}}, id: i}
              - usage: {input_tokens: 9}
              - fault: reset
              - finish: length
            pace: {rate: 20, unit: word}
            weight: 3
            times: 1
          - name: error
            reply:
              status: 429
              retry_after: 2
              message: >-
                folded
                text
          - {name: other, reply: *r}

        """
    private static let pieces = [
        "{", "}", "[", "]", ":", "- ", "\n", "  ", "\t", "'", "\"", "&a ", "*a", "!!int ", "<<: ", "? ", "|", ">", "#",
        "%",
        "{{", "}}", "---\n", "...\n", "null", "1e999", "(", "\\", "\u{0}", "\u{FEFF}", "\u{2028}", "é", "👩🏽‍💻",
        "-9999999999999999999",
    ]

    @Test func `the text that is mutated is right`() throws {
        #expect(try ScenarioFixture.library(Self.text).names == ["weather", "error", "other"])
    }

    @Test func `a file with anything in it is read or refused with its name, and what is read can be used`() {
        var dice = Dice(seed: 29)
        var refused = 0
        for round in 0..<1500 {
            let text = Self.mutated(&dice)
            do {
                let book = ScenarioBook(try ScenarioFixture.library(text))
                let input = ScenarioFixture.input("weather \(round)")
                _ = book.match(input, session: "", seed: UInt64(round))
                _ = book.explain(input, session: "")
                _ = book.list()
            } catch {
                refused += 1
                #expect(error.description.hasPrefix("dir/file.yaml"))
                #expect(!error.message.isEmpty)
            }
        }
        #expect(refused > 500)
    }

    private static func mutated(_ dice: inout Dice) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &dice) {
            let start = Int.random(in: 0...bytes.count, using: &dice)
            let end = min(bytes.count, start + Int.random(in: 0...12, using: &dice))
            switch Int.random(in: 0..<4, using: &dice) {
            case 0: bytes.removeSubrange(start..<end)
            case 1: bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: 0...bytes.count, using: &dice))
            case 2: bytes.replaceSubrange(start..<end, with: [UInt8.random(in: 0...255, using: &dice)])
            default: bytes.insert(contentsOf: (pieces.randomElement(using: &dice) ?? "").utf8, at: start)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
