// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

struct EventTemplatesTests {
    /// What a server may do to an event: some of it leaves the kind as it was, most does not.
    private static let pieces = [
        "\"", "\\", "{", "}", ",", ":", "[", "]", "null", "true", "0", "-1.5e3", "\"content\":\"\"", "\"error\":\"x\",",
        "\"type\":\"ping\",", "\n", "data: ", "[DONE]", "é", "\u{0}", "\\u00e9", "\\u12", "\"text\":\"y\"",
    ]

    @Test(arguments: StreamFormat.allCases.filter { $0 != .eventSource })
    func `what fits a template is what the parser says it is, however an event is altered`(format: StreamFormat) throws
    {
        var dice = Dice(seed: 23)
        let isLines = format == .ollama
        let templates = EventTemplates()
        var fitted = 0
        var altered = 0
        for round in 0..<120 {
            let words = (0..<2).map { _ in SampleStream.words.randomElement(using: &dice) ?? "" }
            for frame in try SampleStream.frames(format, words: words, seed: UInt64(round % 5 + 1)) {
                var event = Array(frame.utf8.dropLast())
                let isAltered = round % 4 > 0 && Bool.random(using: &dice)
                if isAltered { Self.alter(&event, &dice) }
                let look = EventLook.look(at: event, as: format, isLines: isLines)
                var findings = EventTemplate.Findings()
                if let kind = event.withUnsafeBufferPointer({ templates.kind(of: $0, &findings) }) {
                    fitted += 1
                    altered += isAltered ? 1 : 0
                    #expect(look.kind == kind && !look.ends, "\(String(decoding: event, as: UTF8.self))")
                    if findings.sequence >= 0 { #expect(findings.sequence == look.sequence) }
                    if findings.tokens >= 0 { #expect(Int(findings.tokens) == look.tokens) }
                } else if let draft = EventDraft(event, look, as: format, isLines: isLines) {
                    templates.learn(draft)
                }
            }
        }
        #expect(fitted > 120)
        #expect(altered > 2)
    }

    private static func alter(_ event: inout [UInt8], _ dice: inout Dice) {
        let at = Int.random(in: 0..<event.count, using: &dice)
        switch Int.random(in: 0...4, using: &dice) {
        case 0: event[at] = UInt8.random(in: 0...255, using: &dice)
        case 1: event.remove(at: at)
        case 2: event.insert(contentsOf: (pieces.randomElement(using: &dice) ?? "").utf8, at: at)
        case 3: event.removeSubrange(at..<min(event.count, at + 9))
        default:
            // Into a string, where it may well do no harm.
            let place = event.lastIndex(of: UInt8(ascii: "\"")) ?? at
            event.insert(contentsOf: (pieces.randomElement(using: &dice) ?? "").utf8, at: place)
        }
    }

    @Test func `a plain event read where it lies is what the parser says it is`() {
        var dice = Dice(seed: 29)
        let frames = SampleStream.plain(SampleStream.words) + ["event: ping\ndata\n\n", "data: a\r\ndata: b\r\n\r\n"]
        for _ in 0..<5_000 {
            var event = Array((frames.randomElement(using: &dice) ?? "").utf8.dropLast())
            if Bool.random(using: &dice) { Self.alter(&event, &dice) }
            // A blank line would end the event.
            let isOne = !event.indices.dropLast().contains { event[$0] < 0x0E && event[$0 + 1] < 0x0E }
            let look = EventLook.look(at: event, as: .eventSource, isLines: false)
            guard isOne, let kind = look.kind else { continue }
            let plain = event.withUnsafeBufferPointer { PlainEvent($0).kind }
            #expect(plain == kind, "\(String(decoding: event, as: UTF8.self))")
        }
    }

    @Test func `the bytes of a token's log probability may be few or many`() throws {
        func event(_ numbers: String) -> [UInt8] {
            Array(#"data: {"choices":[{"delta":{"content":"a"},"logprobs":[{"bytes":[\#(numbers)]}]}]}"#.utf8) + [0x0A]
        }
        let templates = EventTemplates()
        for numbers in ["1", "2, 30"] {
            let look = EventLook.look(at: event(numbers), as: .openAIChat, isLines: false)
            templates.learn(try #require(EventDraft(event(numbers), look, as: .openAIChat, isLines: false)))
        }
        for (numbers, isFit) in [
            ("1,2,3", true), ("4", true), ("", false), ("1,", false), ("1 2", false), ("01", false),
        ] {
            var findings = EventTemplate.Findings()
            let kind = event(numbers).withUnsafeBufferPointer { templates.kind(of: $0, &findings) }
            #expect((kind != nil) == isFit, "\(numbers)")
        }
    }

    @Test func `what differs between two events becomes a hole, and nothing else`() throws {
        func event(_ id: String, _ created: String, _ text: String) -> [UInt8] {
            let delta = #"{"content":"\#(text)"}"#
            let choices = #"[{"delta":\#(delta),"finish_reason":null}]"#
            return Array(#"data: {"id":"\#(id)","created":\#(created),"model":"m","choices":\#(choices)}"#.utf8) + [
                0x0A
            ]
        }
        let templates = EventTemplates()
        for (id, text) in [("a", "x"), ("bb", "yy")] {
            let draft = EventDraft(event(id, "1", text), EventLook(kind: .text), as: .openAIChat, isLines: false)
            templates.learn(try #require(draft))
        }
        func fits(_ event: [UInt8]) -> Bool {
            var findings = EventTemplate.Findings()
            return event.withUnsafeBufferPointer { templates.kind(of: $0, &findings) == .text }
        }
        #expect(fits(event("ccc", "1", "\\u00e9\\n\\\"")))
        #expect(fits(event("c", "1", "é")))
        #expect(!fits(event("c", "2", "x")))
        #expect(!fits(event("c", "1", "")))
        #expect(!fits(event("c", "1", "\\x")))
        #expect(!fits(event("c", "1", "a\nb")))
        #expect(!fits(event("c", "1", "x") + [0x0A]))
        #expect(!fits(Array(event("c", "1", "x").dropLast())))
    }
}
