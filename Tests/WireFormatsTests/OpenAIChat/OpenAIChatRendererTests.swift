// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

struct OpenAIChatRendererTests {
    @Test
    func `text is a role, its units, a reason and DONE`() throws {
        var transcript = try Self.transcript()
        transcript.say("Gold", "en ", "\"hour\"\n", "\u{2028}☀️")
        transcript.end()
        transcript.finish()
        Self.expect(transcript, "text.sse")
        #expect(transcript.frames.frames.map(\.kind) == [.structure, .unit, .unit, .unit, .unit, .finish, .terminator])
        #expect(transcript.frames.frames.last?.end == transcript.bytes.count)
    }

    @Test
    func `counts come last and by themselves where they are asked for, and are null before`() throws {
        var transcript = try Self.transcript(#","stream_options":{"include_usage":true}"#)
        transcript.say("Low ", "tide")
        transcript.end(.stopSequence("END"))
        transcript.finish(Usage(inputTokens: 11, outputTokens: 2, reasoningTokens: 1, cachedTokens: 3))
        Self.expect(transcript, "usage.sse")
        #expect(transcript.frames.frames.suffix(2).map(\.kind) == [.usage, .terminator])
    }

    @Test
    func `a call tells its id and name once, then its arguments alone`() throws {
        var transcript = try Self.transcript()
        transcript.call("find_train", id: "call_K1", "{\"to\"", ":\"", "Bergen", "\"}")
        transcript.end(.toolCalls)
        transcript.finish()
        Self.expect(transcript, "tool-call.sse")
    }

    @Test
    func `parallel calls count from 0, and one without an id is given one`() throws {
        var transcript = try Self.transcript()
        transcript.say("Two lookups.")
        transcript.call("find_train", id: "call_K1", "{\"to\":\"Bergen\"}")
        transcript.call("find_ferry", id: "", "{}")
        transcript.end(.toolCalls)
        transcript.finish()
        Self.expect(transcript, "tool-calls-parallel.sse")
    }

    @Test
    func `the deprecated functions are answered with a function_call`() throws {
        var transcript = try Self.transcript(#","functions":[{"name":"find_train"}]"#)
        transcript.call("find_train", id: "call_K1", "{\"to\":", "\"Bergen\"}")
        transcript.end(.toolCalls)
        transcript.finish()
        Self.expect(transcript, "function-call.sse")
    }

    @Test
    func `reasoning comes under its own name, before the text`() throws {
        var transcript = try Self.transcript(#","reasoning_effort":"low""#)
        transcript.say("Nine is ", "three threes.", as: .reasoning)
        transcript.say("It is 3.")
        transcript.end()
        transcript.finish()
        Self.expect(transcript, "reasoning.sse")
    }

    @Test
    func `a refusal comes under its own name, and stops as text does`() throws {
        var transcript = try Self.transcript()
        transcript.say("That one ", "I leave alone.", as: .refusal)
        transcript.end(.refusal)
        transcript.finish()
        Self.expect(transcript, "refusal.sse")
    }

    @Test
    func `the roles of all choices come first, and in order`() throws {
        var transcript = try Self.transcript(#","n":2"#)
        transcript.say("Ash", choice: 1)
        transcript.say("Oak", choice: 0)
        transcript.end(choice: 1)
        transcript.end(.length, choice: 0)
        transcript.finish()
        Self.expect(transcript, "two-choices.sse")
    }

    @Test(arguments: [(FinishReason.length, "length"), (.contentFilter, "content-filter")])
    func `an answer that is cut says why`(reason: FinishReason, name: String) throws {
        var transcript = try Self.transcript()
        transcript.say("Once there")
        transcript.end(reason)
        transcript.finish()
        Self.expect(transcript, "\(name).sse")
    }

    @Test
    func `log probabilities stand beside each unit of text`() throws {
        var transcript = try Self.transcript(#","logprobs":true,"top_logprobs":2"#)
        transcript.say("Hei", " ☀️")
        transcript.end()
        transcript.finish()
        Self.expect(transcript, "logprobs.sse")
    }

    @Test
    func `a comment keeps the line open, and an error ends the stream without DONE`() throws {
        var transcript = try Self.transcript()
        transcript.say("Half a")
        transcript.pause()
        transcript.fail(ChatFault(kind: .internal, message: "The mock was told to \"fail\".", retryable: true))
        Self.expect(transcript, "error-midstream.sse")
        #expect(transcript.frames.frames.last?.kind == .failure)
    }

    @Test
    func `the same identity gives the same bytes, another seed other names`() throws {
        let request = try OpenAIChatRequest(
            body: Array(#"{"model":"m","messages":[{"role":"user","content":""}]}"#.utf8)
        )
        var other = OpenAITranscript.identity
        other.seed = 8
        func start(_ identity: AnswerIdentity) -> [UInt8] {
            var frames = FrameBuffer()
            var renderer = request.renderer(for: identity)
            renderer.begin(into: &frames)
            return frames.bytes
        }
        #expect(start(OpenAITranscript.identity) == start(OpenAITranscript.identity))
        #expect(start(OpenAITranscript.identity) != start(other))
    }

    private static func transcript(_ options: String = "") throws -> OpenAITranscript {
        let body = #"{"model":"m","messages":[{"role":"user","content":"Hei"}],"stream":true\#(options)}"#
        return OpenAITranscript(try OpenAIChatRequest(body: Array(body.utf8)))
    }

    private static func expect(
        _ transcript: OpenAITranscript,
        _ name: String,
        at location: SourceLocation = #_sourceLocation
    ) {
        let golden = GoldenFile.openAIChat(name)
        let expected = String(decoding: golden.bytes(replacedBy: transcript.bytes), as: UTF8.self)
        #expect(transcript.text == expected, sourceLocation: location)
    }
}
