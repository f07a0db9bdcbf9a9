// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

struct OpenAICompletionsTests {
    @Test(arguments: [
        ("", ["<|endoftext|>"]), (#","prompt":"Once""#, ["Once"]), (#","prompt":["a","b"]"#, ["a", "b"]),
        (#","prompt":[1,22,333]"#, ["1 22 333"]), (#","prompt":[[1,2],[3]]"#, ["1 2", "3"]), (#","prompt":"""#, [""]),
    ])
    func `a prompt is taken in each of its forms`(prompt: String, texts: [String]) throws {
        let chat = try Self.request(prompt).chat
        #expect(chat.messages == texts.map { ChatMessage(role: .user, content: $0) })
        #expect(chat.choices == texts.count)
        #expect(chat.maximumTokens == 16)
        #expect(chat.format == .openAICompletions)
        #expect(!chat.isStreamed && chat.wantsUsage)
    }

    @Test
    func `each option that shapes the answer is read`() throws {
        let chat = try Self.request(
            #"""
            ,"prompt":["a","b"],"n":3,"best_of":3,"max_tokens":0,"logprobs":5,"stop":"\n","seed":4,"suffix":"z",
            "stream":true,"stream_options":{"include_usage":true},"temperature":0,"user":"u","extra":1
            """#
        ).chat
        #expect(chat.choices == 6)
        #expect(chat.maximumTokens == 0)
        #expect(chat.topLogprobs == 5)
        #expect(chat.stopSequences == ["\n"])
        #expect(chat.seed == 4)
        #expect(chat.isStreamed && chat.wantsUsage)
    }

    @Test(arguments: [
        (#","prompt":5"#, "invalid_type", "prompt"), (#","prompt":[]"#, "empty_array", "prompt"),
        (#","prompt":[[]]"#, "empty_array", "prompt[0]"), (#","prompt":["a",{}]"#, "invalid_type", "prompt[1]"),
        (#","prompt":[1,"a"]"#, "invalid_type", "prompt[1]"), (#","prompt":[[1,-2]]"#, "invalid_type", "prompt[0][1]"),
        (#","logprobs":6"#, "integer_above_max_value", "logprobs"), (#","logprobs":true"#, "invalid_type", "logprobs"),
        (#","max_tokens":-1"#, "integer_below_min_value", "max_tokens"), (#","echo":1"#, "invalid_type", "echo"),
        (#","n":2,"best_of":1"#, "invalid_value", "best_of"), (#","prompt":["a","b"],"n":65"#, "invalid_value", "n"),
        (#","suffix":1"#, "invalid_type", "suffix"), (#","temperature":3"#, "decimal_above_max_value", "temperature"),
    ])
    func `what the real API does not take is refused by name`(options: String, code: String, parameter: String) {
        let problem = #expect(throws: RequestProblem.self) { try Self.request(options) }
        #expect(problem?.status == 400)
        #expect(problem?.code == code)
        #expect(problem?.parameter == parameter)
    }

    @Test
    func `a stream is text, a reason, counts and DONE`() throws {
        let options = #","prompt":"Once","stream":true,"stream_options":{"include_usage":true}"#
        var transcript = OpenAITranscript(try Self.request(options))
        transcript.say("a hum", as: .reasoning)
        transcript.call("f", id: "c", "{}")
        transcript.say(" by ", "the sea")
        transcript.end(.toolCalls)
        transcript.finish()
        Self.expect(transcript.bytes, "completions.sse")
        let kinds = transcript.frames.frames.map(\.kind)
        #expect(kinds == [.unit, .unit, .finish, .usage, .terminator])
    }

    @Test
    func `each choice repeats its own prompt, and its offsets count on from there`() throws {
        let options = #","prompt":["Ø ","b"],"stream":true,"echo":true,"logprobs":1"#
        var transcript = OpenAITranscript(try Self.request(options))
        transcript.say("x", "☀️", "y")
        transcript.say("no", as: .refusal, choice: 1)
        transcript.end(.length)
        transcript.end(choice: 1)
        transcript.finish()
        Self.expect(transcript.bytes, "completions-echo.sse")
    }

    @Test
    func `an error takes the place of a chunk, after a comment`() throws {
        var transcript = OpenAITranscript(try Self.request(#","prompt":"Once","stream":true"#))
        transcript.say("half")
        transcript.pause()
        transcript.fail(ChatFault(kind: .upstreamReset, message: "It hung up.", retryable: true))
        Self.expect(transcript.bytes, "completions-error.sse")
    }

    @Test(arguments: [
        ("plain", #","prompt":"Once""#), ("echo", #","prompt":["Ø ","b"],"echo":true,"logprobs":0"#),
        ("logprobs", #","prompt":"Once","logprobs":2"#),
    ])
    func `a whole answer is one body`(name: String, options: String) throws {
        let request = try Self.request(options)
        var choice = WholeAnswer.Choice()
        choice.text = Array("by the sea".utf8)
        choice.tokenEnds = [2, 6, 10]
        var other = WholeAnswer.Choice()
        other.refusal = Array("no".utf8)
        other.finish = .length
        let choices = Array([choice, other].prefix(request.chat.choices))
        let answer = WholeAnswer(choices: choices, usage: OpenAITranscript.usage)
        Self.expect(request.body(of: answer, for: OpenAITranscript.identity), "completions-body-\(name).json")
    }

    private static func request(_ options: String) throws -> OpenAICompletionsRequest {
        try OpenAICompletionsRequest(body: Array("{\"model\":\"m\"\(options)}".utf8))
    }

    private static func expect(
        _ actual: [UInt8],
        _ name: String,
        at location: SourceLocation = #_sourceLocation
    ) {
        let golden = GoldenFile.openAIChat(name).bytes(replacedBy: actual)
        let expected = String(decoding: golden, as: UTF8.self)
        #expect(String(decoding: actual, as: UTF8.self) == expected, sourceLocation: location)
    }
}
