// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

struct OpenAIResponsesStreamParserTests {
    private typealias Transcript = OpenAIResponsesTranscript

    private static let hello = #"{"type":"response.output_text.delta","delta":"Hé😀"}"#
    private static let completed =
        #"{"type":"response.completed","response":{"usage":{"input_tokens":1,"output_tokens":2}}}"#
    private static let counts = ChatEvent.usage(Usage(inputTokens: 1, outputTokens: 2))
    private static let added =
        #"{"type":"response.output_item.added","output_index":3,"#
        + #""item":{"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":""}}"#

    @Test
    func `what the renderer writes is read back, in any order, wherever it is cut`() throws {
        var dice = Dice(seed: 11)
        let request = try Transcript.request()
        for _ in 0..<150 {
            let said = Self.randomEvents(&dice)
            let bytes = Transcript.stream(said, of: request).bytes
            let cut = Int.random(in: 0...bytes.count, using: &dice)
            var parser = OpenAIResponsesStreamParser()
            let read = parser.feed(Array(bytes[..<cut])) + parser.feed(Array(bytes[cut...])) + parser.finish()
            #expect(read == said)
        }
    }

    @Test(arguments: [
        (
            #"{"type":"response.incomplete","response":{"incomplete_details":{"reason":"max_output_tokens"}}}"#,
            FinishReason.length
        ),
        (
            #"{"type":"response.incomplete","response":{"incomplete_details":{"reason":"content_filter"}}}"#,
            .contentFilter
        ),
        (#"{"type":"response.incomplete"}"#, .length),
        (#"{"type":"response.completed","response":{"status":"incomplete"}}"#, .length),
        (#"{"type":"response.completed","response":{"usage":null}}"#, .stop),
    ])
    func `the last event tells why the answer ends`(payload: String, reason: FinishReason) {
        #expect(Self.read([Self.hello, payload, Self.hello]) == [Transcript.text("Hé😀"), .end(reason)])
    }

    @Test
    func `token counts come before the end`() {
        #expect(Self.read([Self.completed]) == [Self.counts, .end(.stop)])
        let detailed =
            #"{"type":"response.completed","response":{"usage":{"input_tokens":9,"output_tokens":8,"#
            + #""input_tokens_details":{"cached_tokens":7},"output_tokens_details":{"reasoning_tokens":6}}}}"#
        let usage = Usage(inputTokens: 9, outputTokens: 8, reasoningTokens: 6, cachedTokens: 7)
        #expect(Self.read([detailed]) == [.usage(usage), .end(.stop)])
    }

    @Test func `a count of reasoning or of the cache that cannot be is none`() {
        let odd =
            #"{"type":"response.completed","response":{"usage":{"input_tokens":9,"output_tokens":8,"#
            + #""input_tokens_details":{"cached_tokens":-1},"#
            + #""output_tokens_details":{"reasoning_tokens":-9223372036854775808}}}}"#
        #expect(Self.read([odd]) == [.usage(Usage(inputTokens: 9, outputTokens: 8)), .end(.stop)])
    }

    @Test
    func `reasoning is read in its three forms, and the parts of a summary are paragraphs`() {
        let events = Self.read([
            #"{"type":"response.reasoning_summary_part.added","summary_index":0}"#,
            #"{"type":"response.reasoning_summary_text.delta","delta":"a"}"#,
            #"{"type":"response.reasoning_summary_part.added","summary_index":1}"#,
            #"{"type":"response.reasoning_text.delta","delta":"b"}"#,
            #"{"type":"response.reasoning.delta","delta":"c"}"#, Self.completed,
        ])
        let said = ["a", "\n\n", "b", "c"].map { Transcript.reasoning($0) }
        #expect(events == said + [Self.counts, .end(.stop)])
    }

    @Test(arguments: [
        [#"{"type":"response.function_call_arguments.delta","output_index":3,"delta":"{}"}"#],
        [#"{"type":"response.function_call_arguments.done","output_index":3,"arguments":"{}"}"#],
        [
            #"{"type":"response.function_call_arguments.delta","output_index":3,"delta":"{}"}"#,
            #"{"type":"response.function_call_arguments.done","output_index":3,"arguments":"{}"}"#,
            #"{"type":"response.output_item.done","output_index":3,"item":{"type":"function_call","arguments":"{}"}}"#,
        ],
        [#"{"type":"response.output_item.done","output_index":3,"item":{"type":"function_call","arguments":"{}"}}"#],
    ])
    func `the arguments of a call are read once, whichever event brings them`(payloads: [String]) {
        let events = Self.read([Self.added] + payloads + [Self.completed])
        let call = ToolCallDelta(index: 0, id: "c", name: "f", arguments: [])
        #expect(events == [.toolCall(call), Transcript.arguments(0, "{}"), Self.counts, .end(.toolCalls)])
    }

    @Test
    func `a call that comes whole is whole`() {
        let done =
            #"{"type":"response.output_item.done","output_index":0,"#
            + #""item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}}"#
        let call = ToolCallDelta(index: 0, id: "c", name: "f", arguments: Array("{}".utf8))
        #expect(Self.read([done, Self.completed]) == [.toolCall(call), Self.counts, .end(.toolCalls)])
    }

    @Test(arguments: [
        (#"{"type":"error","error":{"type":"server_error","code":"server_error","message":"m"}}"#, "m", true),
        (#"{"type":"error","code":"rate_limit_exceeded","message":"m","param":null}"#, "m", true),
        (#"{"type":"error","code":null,"message":"m"}"#, "m", false),
        (#"{"type":"response.failed","response":{"error":{"code":"invalid_prompt","message":"m"}}}"#, "m", false),
        (#"{"type":"response.failed","response":{"error":null}}"#, "The upstream gave no reason.", false),
        (#"{"error":{"message":"m","code":503}}"#, "m", true),
    ])
    func `an error in any of its forms ends the answer, once`(payload: String, message: String, retryable: Bool) {
        let events = Self.read([Self.hello, payload, Self.completed])
        let fault = ChatFault(kind: .upstreamError, message: message, retryable: retryable)
        #expect(events == [Transcript.text("Hé😀"), .fault(fault)])
    }

    @Test(arguments: [[], [hello], ["[DONE]"], [hello, "[DONE]", completed]])
    func `without a last event the answer is truncated`(payloads: [String]) {
        #expect(Self.fault(Self.read(payloads).last)?.kind == .truncated)
    }

    @Test(arguments: [
        #"{"type":"keepalive","sequence_number":3}"#, #"{"type":"response.created","response":{}}"#, "{}",
        #"{"type":"response.output_text.delta"}"#, #"{"type":"response.output_text.delta","delta":7}"#,
        #"{"type":"response.output_item.added","item":{"type":"message"}}"#, #"{"type":7}"#,
        #"{"type":"response.function_call_arguments.delta","output_index":9,"delta":"{}"}"#,
        #"{"type":"response.mcp_call.in_progress","error":null}"#,
    ])
    func `what says nothing here is passed over`(payload: String) {
        #expect(Self.read([payload, Self.completed]) == [Self.counts, .end(.stop)])
    }

    @Test(arguments: ["{", "[1]", "x", "1"])
    func `what is no JSON object is a fault of the protocol`(payload: String) {
        let events = Self.read([Self.hello, payload, Self.hello])
        #expect(events.count == 2)
        #expect(Self.fault(events.last)?.kind == .upstreamProtocol)
    }

    @Test
    func `an event over the bound, or calls without end, end the answer`() {
        var parser = OpenAIResponsesStreamParser(limit: 100)
        let events = parser.feed(Self.stream([Self.hello, String(repeating: "x", count: 101)]))
        #expect(events.first == Transcript.text("Hé😀"))
        #expect(Self.fault(events.last)?.kind == .upstreamProtocol)
        #expect(parser.finish().isEmpty)
        let calls = (0...1024).map { number in
            #"{"type":"response.output_item.added","output_index":\#(number),"item":{"type":"function_call"}}"#
        }
        #expect(Self.fault(Self.read(calls).last)?.kind == .upstreamProtocol)
    }

    // MARK: Helpers

    /// An answer in any order that a model may say it in, as it comes back.
    private static func randomEvents(_ dice: inout Dice) -> [ChatEvent] {
        let units = ["a", " Ω", "\"\\\n", "\u{2028}😀", "{}"]
        var events: [ChatEvent] = []
        var calls = 0
        var hasRefused = false
        for _ in 0..<Int.random(in: 0..<12, using: &dice) {
            let unit = units[Int.random(in: 0..<units.count, using: &dice)]
            switch Int.random(in: 0..<5, using: &dice) {
            case 0, 1: events.append(Transcript.text(unit))
            case 2: events.append(Transcript.reasoning(unit))
            case 3:
                hasRefused = true
                events.append(Transcript.refusal(unit))
            default:
                events += [Transcript.call(calls, id: "call_\(calls)"), Transcript.arguments(calls, unit)]
                calls += 1
            }
        }
        let reasons: [FinishReason] = [
            calls > 0 ? .toolCalls : hasRefused ? .refusal : .stop, .length, .contentFilter,
        ]
        return events + [.usage(Transcript.usage), .end(reasons[Int.random(in: 0..<3, using: &dice)])]
    }

    private static func stream(_ payloads: [String]) -> [UInt8] {
        Array(payloads.map { ": ping\r\ndata: \($0)\r\n\r\n" }.joined().utf8)
    }

    private static func read(_ payloads: [String]) -> [ChatEvent] {
        var parser = OpenAIResponsesStreamParser()
        return parser.feed(stream(payloads)) + parser.finish()
    }

    private static func fault(_ event: ChatEvent?) -> ChatFault? {
        if case .fault(let fault) = event { fault } else { nil }
    }
}
