// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

/// What the renderer writes, the parser of an upstream reads.
struct OpenAIChatRoundTripTests {
    @Test(arguments: 0..<200)
    func `an answer comes back as it was told, wherever its stream is cut`(seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        let body = #"{"model":"m","messages":[{"role":"user","content":""}],"stream":true,"# + Self.option(&dice) + "}"
        let request = try OpenAIChatRequest(body: Array(body.utf8))
        var transcript = OpenAITranscript(request)
        var told = Self.tell(&transcript, &dice)
        let reason = Self.reason(&dice)
        transcript.end(reason)
        if request.chat.choices == 2 { transcript.end(choice: 1) }
        transcript.finish(Usage(inputTokens: 5, outputTokens: 6, reasoningTokens: 2, cachedTokens: 1))
        if request.chat.wantsUsage {
            told.append(.usage(Usage(inputTokens: 5, outputTokens: 6, reasoningTokens: 2, cachedTokens: 1)))
        }
        told.append(.end(reason))
        #expect(Self.read(transcript.bytes, wantsUsage: request.chat.wantsUsage, &dice) == told)
    }

    @Test(arguments: [
        ChatFault.Kind.internal, .overloaded, .truncated, .upstreamTimeout, .upstreamProtocol, .upstreamRefused,
    ])
    func `an error comes back with its words, and whether trying again may help`(kind: ChatFault.Kind) throws {
        let body = Array(#"{"model":"m","messages":[{"role":"user","content":""}],"stream":true}"#.utf8)
        for retryable in [true, false] where kind != .overloaded || retryable {
            var transcript = OpenAITranscript(try OpenAIChatRequest(body: body))
            transcript.say("a")
            transcript.fail(ChatFault(kind: kind, message: "It \"broke\".", retryable: retryable))
            var dice = Dice(seed: 1)
            let fault = ChatFault(kind: .upstreamError, message: "It \"broke\".", retryable: retryable)
            #expect(Self.read(transcript.bytes, wantsUsage: false, &dice) == [.text(Array("a".utf8)), .fault(fault)])
        }
    }

    private static func option(_ dice: inout Dice) -> String {
        let options = [
            #""n":1"#, #""n":2"#, #""stream_options":{"include_usage":true}"#, #""logprobs":true,"top_logprobs":3"#,
        ]
        return options.randomElement(using: &dice) ?? ""
    }

    private static func reason(_ dice: inout Dice) -> FinishReason {
        [FinishReason.stop, .length, .toolCalls, .contentFilter].randomElement(using: &dice) ?? .stop
    }

    private static func tell(_ transcript: inout OpenAITranscript, _ dice: inout Dice) -> [ChatEvent] {
        let units = ["a", "\"", "\\", "\n", "\r\n", "\0", "é", "😀", "\u{2028}", "\u{85}", "data: [DONE]\n\n"]
        var told: [ChatEvent] = []
        var calls = 0
        for _ in 0..<Int.random(in: 0...12, using: &dice) {
            let unit = units.randomElement(using: &dice) ?? ""
            let bytes = Array(unit.utf8)
            switch Int.random(in: 0..<5, using: &dice) {
            case 0:
                transcript.say(unit)
                told.append(.text(bytes))
            case 1:
                transcript.say(unit, as: .reasoning)
                told.append(.reasoning(bytes))
            case 2:
                transcript.say(unit, as: .refusal)
                told.append(.refusal(bytes))
            case 3:
                let id = "call_\(calls)"
                transcript.call("f", id: id, unit)
                told.append(.toolCall(ToolCallDelta(index: calls, id: id, name: "f", arguments: [])))
                told.append(.toolCall(ToolCallDelta(index: calls, id: nil, name: nil, arguments: bytes)))
                calls += 1
            default: transcript.pause()
            }
        }
        return told
    }

    private static func read(_ bytes: [UInt8], wantsUsage: Bool, _ dice: inout Dice) -> [ChatEvent] {
        var parser = OpenAIChatStreamParser(wantsUsage: wantsUsage)
        var events: [ChatEvent] = []
        var start = 0
        while start < bytes.count {
            let end = min(start + Int.random(in: 1...300, using: &dice), bytes.count)
            events += parser.feed(Array(bytes[start..<end]))
            start = end
        }
        return events + parser.finish()
    }
}
