// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

struct UIMessageStreamParserTests {
    private static let hello = #"{"type":"text-delta","id":"t","delta":"Hé😀"}"#
    private static let finish = #"{"type":"finish","finishReason":"stop"}"#

    @Test
    func `a stream cut in two, wherever, gives the same`() {
        let stream = Self.stream([#"{"type":"start"}"#, Self.hello, Self.hello, Self.finish, "[DONE]"])
        for cut in 0...stream.count {
            let events = PlayedAnswer.read(stream, with: UIMessageStreamParser(), cuts: [cut])
            #expect(events == [PlayedAnswer.text("Hé😀"), PlayedAnswer.text("Hé😀"), .end(.stop)])
        }
    }

    @Test(arguments: [
        ("stop", FinishReason.stop), ("length", .length), ("tool-calls", .toolCalls),
        ("content-filter", .contentFilter), ("other", .stop), ("news", .stop),
    ])
    func `the reason to end is told`(word: String, reason: FinishReason) {
        #expect(Self.read([#"{"type":"finish","finishReason":"\#(word)"}"#, Self.hello]) == [.end(reason)])
    }

    @Test
    func `[DONE] alone, or a finish without reason, makes an answer whole`() {
        let call = #"{"type":"tool-input-available","toolCallId":"c","toolName":"f","input":{"a":1}}"#
        for last in ["[DONE]", #"{"type":"finish"}"#] {
            #expect(Self.read([Self.hello, last]).last == .end(.stop))
            #expect(Self.read([call, last]).last == .end(.toolCalls))
        }
    }

    @Test
    func `an input is taken once, in pieces or whole`() {
        let start = #"{"type":"tool-input-start","toolCallId":"c","toolName":"f"}"#
        let piece = #"{"type":"tool-input-delta","toolCallId":"c","inputTextDelta":"{}"}"#
        let whole = #"{"type":"tool-input-available","toolCallId":"c","toolName":"f","input":{}}"#
        let broken = #"{"type":"tool-input-error","toolCallId":"c","toolName":"f","input":"{}","errorText":"e"}"#
        for parts in [
            [start, piece, whole], [start, whole], [whole], [start, piece, broken], [broken], [whole, whole],
        ] {
            let events = PlayedAnswer.joined(Self.read(parts + [Self.finish]))
            #expect(events == [PlayedAnswer.call("f", id: "c", "{}"), .end(.stop)])
        }
        #expect(Self.read([piece, Self.finish]) == [.end(.stop)])
    }

    @Test(arguments: [
        (#"{"type":"error","errorText":"it broke"}"#, ChatFault.Kind.upstreamError, "it broke"),
        (#"{"type":"error"}"#, .upstreamError, "The upstream gave no reason."),
        (#"{"type":"abort","reason":"r"}"#, .cancelled, "The upstream's answer was called off."),
        (
            #"{"type":"finish","finishReason":"error"}"#, .upstreamError,
            "The upstream ended its answer with an error, and told no more."
        ),
    ])
    func `an error or an abort ends the answer`(part: String, kind: ChatFault.Kind, message: String) {
        let events = Self.read([Self.hello, part, Self.hello, "[DONE]"])
        #expect(events.count == 2)
        #expect(PlayedAnswer.fault(events.last)?.kind == kind)
        #expect(PlayedAnswer.fault(events.last)?.message == message)
    }

    @Test(arguments: ["{", "[1]", "x", "\"a\""])
    func `what is no JSON object is a fault of the protocol`(payload: String) {
        let events = Self.read([Self.hello, payload, Self.hello])
        #expect(events.count == 2)
        #expect(PlayedAnswer.fault(events.last)?.kind == .upstreamProtocol)
    }

    @Test(arguments: [
        #"{"type":"data-x","data":1}"#, #"{"type":5}"#, "{}", #"{"type":"text-delta","delta":7}"#,
        #"{"type":"tool-output-available","toolCallId":"c","output":1}"#, #"{"type":"tool-input-start"}"#,
        #"{"type":"message-metadata","messageMetadata":{"usage":{"inputTokens":-1,"outputTokens":2}}}"#,
    ])
    func `other parts are passed over`(payload: String) {
        #expect(Self.read([payload, Self.finish]) == [.end(.stop)])
    }

    @Test
    func `without an end the answer is truncated`() {
        #expect(PlayedAnswer.fault(Self.read([Self.hello]).last)?.kind == .truncated)
    }

    @Test
    func `calls and events are bounded`() {
        let calls = (0...1024).map { #"{"type":"tool-input-start","toolCallId":"\#($0)","toolName":"f"}"# }
        let events = Self.read(calls + [Self.finish])
        #expect(events.count == 1025)
        #expect(PlayedAnswer.fault(events.last)?.kind == .upstreamProtocol)
        let large = Self.stream([String(repeating: "x", count: 101)])
        let last = PlayedAnswer.read(large, with: UIMessageStreamParser(limit: 100)).last
        #expect(PlayedAnswer.fault(last)?.kind == .upstreamProtocol)
    }

    private static func stream(_ payloads: [String]) -> [UInt8] {
        Array(payloads.map { ": ping\r\ndata: \($0)\r\n\r\n" }.joined().utf8)
    }

    private static func read(_ payloads: [String]) -> [ChatEvent] {
        PlayedAnswer.read(stream(payloads), with: UIMessageStreamParser())
    }
}
