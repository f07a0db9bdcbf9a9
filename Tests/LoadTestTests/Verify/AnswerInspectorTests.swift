// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter
import Upstream

@testable import LoadTest

struct AnswerInspectorTests {
    static let right: [(String, StreamFormat)] = [
        ("openai-chat/text.sse", .openAIChat), ("openai-chat/usage.sse", .openAIChat),
        ("openai-chat/refusal.sse", .openAIChat), ("openai-chat/tool-call.sse", .openAIChat),
        ("openai-chat/tool-calls-parallel.sse", .openAIChat), ("openai-chat/two-choices.sse", .openAIChat),
        ("openai-chat/logprobs.sse", .openAIChat), ("openai-chat/length.sse", .openAIChat),
        ("openai-chat/reasoning.sse", .openAIChat), ("openai-chat/content-filter.sse", .openAIChat),
        ("openai-chat/function-call.sse", .openAIChat), ("openai-chat/completions.sse", .openAICompletions),
        ("openai-chat/completions-echo.sse", .openAICompletions),
        ("openai-responses/text.sse", .openAIResponses), ("openai-responses/refusal.sse", .openAIResponses),
        ("openai-responses/reasoning_text.sse", .openAIResponses),
        ("openai-responses/incomplete.sse", .openAIResponses),
        ("openai-responses/reasoning_sealed.sse", .openAIResponses),
        ("openai-responses/text_refusal.sse", .openAIResponses), ("openai-responses/tool_call.sse", .openAIResponses),
        ("openai-responses/tools_parallel.sse", .openAIResponses),
        ("openai-responses/background.sse", .openAIResponses),
        ("openai-responses/filtered.sse", .openAIResponses), ("openai-responses/settings.sse", .openAIResponses),
        ("anthropic/text.sse", .anthropicMessages), ("anthropic/thinking_text.sse", .anthropicMessages),
        ("anthropic/thinking_omitted.sse", .anthropicMessages), ("anthropic/tool_use.sse", .anthropicMessages),
        ("anthropic/tool_use_noargs.sse", .anthropicMessages), ("anthropic/refusal.sse", .anthropicMessages),
        ("anthropic/refusal_text.sse", .anthropicMessages), ("anthropic/heartbeat.sse", .anthropicMessages),
        ("anthropic/max_tokens.sse", .anthropicMessages), ("anthropic/stop_sequence.sse", .anthropicMessages),
        ("gemini/text.sse", .gemini), ("gemini/thought.sse", .gemini), ("gemini/call.sse", .gemini),
        ("gemini/calls.sse", .gemini), ("gemini/candidates.sse", .gemini), ("gemini/refusal.sse", .gemini),
        ("ollama/chat-text.ndjson", .ollama), ("ollama/chat-thinking.ndjson", .ollama),
        ("ollama/chat-tools.ndjson", .ollama), ("ollama/chat-length.ndjson", .ollama),
        ("ollama/generate-text.ndjson", .ollama), ("ollama/generate-thinking.ndjson", .ollama),
        ("ui-message-stream/text.sse", .uiMessageStream), ("ui-message-stream/reasoning.sse", .uiMessageStream),
        ("ui-message-stream/tools.sse", .uiMessageStream), ("ui-message-stream/usage.sse", .uiMessageStream),
        ("ui-message-stream/heartbeat.sse", .uiMessageStream), ("ui-message-stream/empty.sse", .uiMessageStream),
    ]

    @Test(arguments: right) func `a right stream has no finding, and its format is guessed`(
        name: String,
        format: StreamFormat
    ) {
        let body = Inspection.golden(name)
        #expect(!body.isEmpty)
        let told = Inspection.ofNDJSON(name).judge(body)
        #expect(Inspection.errors(told) == [], "\(told.log.findings.map(\.line))")
        #expect(told.format == format)
    }

    @Test(arguments: [
        "openai-chat/error-midstream.sse", "openai-chat/completions-error.sse", "openai-responses/failed.sse",
        "anthropic/error_midstream_overloaded.sse", "anthropic/error_midstream_api.sse", "gemini/failure.sse",
        "ollama/chat-error.ndjson", "ollama/generate-error.ndjson", "ui-message-stream/error.sse",
    ])
    func `an error that a server tells in mid-stream is the one finding`(name: String) {
        let told = Inspection.ofNDJSON(name).judge(Inspection.golden(name))
        #expect(Inspection.errors(told) == [.error], "\(told.log.findings.map(\.line))")
    }

    @Test(arguments: right) func `how a stream is cut into reads changes no finding but notes`(
        name: String,
        format: StreamFormat
    ) {
        var dice = Dice(seed: 7)
        var body = Array(Inspection.golden(name).utf8)
        for _ in 0..<20 {
            // Any damage.
            let place = Int.random(in: 0..<body.count, using: &dice)
            body[place] = UInt8.random(in: 0...255, using: &dice)
            var pieces: [[UInt8]] = []
            var start = 0
            while start < body.count {
                let end = min(body.count, start + Int.random(in: 1...200, using: &dice))
                pieces.append(Array(body[start..<end]))
                start = end
            }
            let inspection = Inspection.ofNDJSON(name)
            let whole = inspection.judge(pieces: [body])
            let cut = inspection.judge(pieces: pieces)
            // Grammar is judged a read at a time, so their order may differ.
            #expect(Set(Inspection.errors(cut)) == Set(Inspection.errors(whole)))
        }
    }

    @Test func `bytes that are no stream at all are survived`() {
        var dice = Dice(seed: 11)
        for _ in 0..<300 {
            let alphabet = Array("data: id\nevent:\r{}\"[]DONE,.0123 \u{E9}\u{0}\u{FFFD}".utf8)
            let count = Int.random(in: 0...200, using: &dice)
            let body = (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &dice)] }
            for format in StreamFormat.allCases {
                let told = Inspection(format: format, expect: "x").judge(pieces: [body])
                #expect(!told.log.findings.isEmpty)
            }
        }
    }

    // MARK: Heads

    @Test func `a status other than 200 is told with its body`() {
        let told = Inspection(status: 503).judge(#"{"error":"busy"}"#)
        #expect(Inspection.errors(told) == [.status])
        #expect(told.log.findings[0].seen.contains("503") && told.log.findings[0].seen.contains("busy"))
        #expect(Inspection(status: 429).errors("") == [.rateLimit])
    }

    @Test func `a content type is that of the format`() {
        let text = Inspection.golden("openai-chat/text.sse")
        #expect(Inspection(contentType: "text/html").errors(text) == [.contentType])
        #expect(Inspection(contentType: "").errors(text) == [.contentType])
        #expect(Inspection(contentType: "Text/Event-Stream;charset=UTF-8").errors(text) == [])
        let lines = Inspection.golden("ollama/chat-text.ndjson")
        #expect(Inspection(contentType: "text/event-stream").errors(lines) == [.contentType])
    }

    // MARK: Ends

    @Test func `how a transfer ends is told apart`() {
        let whole = Inspection.golden("openai-chat/text.sse")
        let events = whole.split(separator: "\n\n").map { $0 + "\n\n" }
        let some = events.prefix(3).joined()
        let half = some + events[3].prefix(20)
        #expect(Inspection(cut: .reset("x")).errors(some) == [.reset])
        #expect(Inspection(cut: .closed("x")).errors(some) == [.close])
        #expect(Inspection(cut: .closed("x")).errors(half) == [.truncate])
        #expect(Inspection(length: whole.utf8.count + 5, cut: .closed("x")).errors(whole) == [.contentLength])
        #expect(Inspection(cut: .silent(.second)).errors(some) == [.stall])
        #expect(Inspection(cut: .notHTTP("x")).errors("") == [.notHTTP])
        #expect(Inspection(cut: .refused("x")).errors("") == [.refused])
        #expect(Inspection().errors(some) == [.end])
        #expect(Inspection().errors(events.dropLast().joined()) == [.missingTerminator])
        #expect(Inspection().errors(whole + events.suffix(1).joined()) == [.doubledTerminator])
    }

    @Test func `an event without a blank line after it is dropped by clients`() {
        let whole = Inspection.golden("openai-chat/text.sse")
        #expect(Inspection().errors(String(whole.dropLast())) == [.grammar, .missingTerminator])
    }

    @Test func `a body without any event is no answer`() {
        #expect(Inspection(format: .openAIChat).errors("") == [.end])
        #expect(Inspection(format: .openAIChat).errors(": hello\n\n") == [.end])
    }

    @Test func `a pause between events is a stall, a ping is no event`() {
        func told(_ name: String) -> AnswerInspector {
            var inspector = AnswerInspector(.init(format: .anthropicMessages, stall: .second))
            inspector.answered(
                .init(status: 200, fields: [.init(name: "content-type", value: "text/event-stream")]),
                at: 0
            )
            let data = "event: message_start\ndata: {\"type\":\"message_start\"}\n\n"
            inspector.received(Array(data.utf8), at: 0)
            inspector.received(Array("event: ping\ndata: {\"type\":\"ping\"}\n\n".utf8), at: .second)
            inspector.received(Array("event: \(name)\ndata: {\"type\":\"\(name)\"}\n\n".utf8), at: 2 * .second)
            return inspector
        }
        let stall = told("message_stop").log.findings.first { $0.kind == .stall }
        #expect(stall?.seen == "nothing for 2000 ms" && stall?.event == 3)
        #expect(!told("ping").log.contains(.stall))
    }

    @Test func `token counts are there where they are asked for, and are not 0`() {
        let without = Inspection.golden("openai-chat/text.sse")
        #expect(Inspection(wantsUsage: true).errors(without) == [.usage])
        let with = Inspection.golden("openai-chat/usage.sse")
        #expect(Inspection(wantsUsage: true).errors(with) == [])
        for name in ["prompt_tokens", "completion_tokens"] {
            let parts = with.split(separator: "\"\(name)\":").map(String.init)
            let zeroed = parts.first.map { first in
                first + parts.dropFirst().map { "\"\(name)\":0" + $0.drop(while: \.isNumber) }.joined()
            }
            #expect(Inspection().errors(zeroed ?? "") == [.usage], "\(name)")
        }
    }

    @Test func `a giant event is told with its size`() {
        let body = Inspection.golden("openai-chat/text.sse")
        let told = Inspection(largestEvent: 200).judge(body)
        #expect(Inspection.errors(told) == [.giant])
        #expect(told.log.findings.first?.expected == "at most 200")
    }

    // MARK: Typebar's own stream

    @Test(arguments: [false, true]) func `ids are offsets, and tell of each loss by themselves`(isJSON: Bool) {
        func errors(_ change: (inout [String]) -> Void) -> [FindingKind] {
            let body = Inspection.chat(["Gr", "ü", "ße", " ", "👩🏽‍💻", "!"], isJSON: isJSON)
            var events = body.components("\n\n").map { $0 + "\n\n" }
            change(&events)
            return Inspection().errors(events.joined())
        }
        #expect(errors { _ in } == [])
        #expect(errors { $0.remove(at: 4) } == [.lose])
        #expect(errors { $0.insert($0[4], at: 5) } == [.duplicate])
        #expect(errors { $0.swapAt(4, 5) } == [.reorder])
        #expect(errors { $0.removeLast() } == [.end])
        #expect(errors { $0[3] = $0[3].replacing("ü", with: "u") } == [.lose])
        #expect(errors { $0[3] = $0[3].replacing("ü", with: "üü") } == [.ids])
        #expect(errors { $0[3] = $0[3].replacing("wxyz.", with: "wxya.") } == [.ids])
    }

    @Test func `text shows line ends as LF, and its ids count what was said`() {
        let body = """
            id: s.2
            data: ab

            id: s.4
            data:\u{20}
            data:\u{20}

            id: s.5
            data: c

            """ + "\n"
        #expect(Inspection(expect: "ab\r\nc").errors(body) == [])
    }

    @Test func `marks tell where a reader can be cut`() {
        let told = Inspection().judge(Inspection.chat(["a", "bc"]))
        #expect(told.marks.map(\.text) == [1, 3])
        #expect(told.firstID?.hasSuffix(".0") == true && told.endID?.hasSuffix(".end") == true)
        var inspector = AnswerInspector(.init())
        inspector.stopsAfter = 1
        inspector.answered(.init(status: 200, fields: [.init(name: "content-type", value: "text/event-stream")]), at: 0)
        inspector.received(Array(Inspection.chat(["a", "bc"]).utf8), at: 0)
        #expect(inspector.isSated && inspector.text == Array("a".utf8))
    }
}

extension String {
    /// Its parts between `separator`, but for an empty last one.
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init).filter { !$0.isEmpty }
    }

    fileprivate func replacing(_ old: String, with new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
