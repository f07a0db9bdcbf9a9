// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

struct OllamaGoldenTests {
    private static let answers: [(String, [ChatEvent])] = [
        ("text", [PlayedAnswer.text("Hé"), PlayedAnswer.text(" \"you\"\n\u{2028}"), .end(.stop)]),
        ("length", [PlayedAnswer.text("Once"), .end(.length)]),
        (
            "thinking",
            [
                PlayedAnswer.reasoning("Two plus"), PlayedAnswer.reasoning(" two."), PlayedAnswer.text("4"),
                .refusal(Array("!".utf8)), .end(.stopSequence("x")),
            ]
        ),
        (
            "tools",
            [
                PlayedAnswer.text("I look."), PlayedAnswer.call("weather", id: "call_1", #"{"city": "#),
                PlayedAnswer.more(#""Oslo","n":1.0}"#), PlayedAnswer.call("now", index: 1), .end(.toolCalls),
            ]
        ),
        (
            "broken-tool",
            [PlayedAnswer.call("weather", id: "call_1", #"{"city":"Os"#), PlayedAnswer.text("."), .end(.toolCalls)]
        ),
    ]

    @Test(arguments: answers, ["chat", "generate"])
    func `a stream is a line for each thing said`(answer: (name: String, said: [ChatEvent]), kind: String) throws {
        let frames = PlayedAnswer.frames(answer.said + [.usage(PlayedAnswer.usage)], to: try Self.request(kind))
        let golden = GoldenFile.format("ollama/\(kind)-\(answer.name).ndjson")
        #expect(frames.bytes == golden.bytes(replacedBy: frames.bytes))
        #expect(frames.frames.last?.kind == .finish)
        #expect(frames.frames.dropLast().allSatisfy { $0.kind == .unit })
        #expect(frames.frames.count == frames.bytes.count { $0 == UInt8(ascii: "\n") })
    }

    @Test(arguments: ["chat", "generate"])
    func `a fault is a line with nothing but the error`(kind: String) throws {
        let fault = ChatFault(kind: .upstreamReset, message: "The upstream \"went\" away.", retryable: true)
        let frames = PlayedAnswer.frames([PlayedAnswer.text("Hel"), .fault(fault)], to: try Self.request(kind))
        let golden = GoldenFile.format("ollama/\(kind)-error.ndjson")
        #expect(frames.bytes == golden.bytes(replacedBy: frames.bytes))
        #expect(frames.frames.map(\.kind) == [.unit, .failure])
    }

    @Test
    func `nothing keeps the line open, for clients read each line as JSON`() throws {
        let said = [PlayedAnswer.text("Hi"), .end(.stop), .usage(PlayedAnswer.usage)]
        let request = try Self.request("chat")
        let frames = PlayedAnswer.frames(said, to: request, pauses: true)
        #expect(frames.bytes == PlayedAnswer.frames(said, to: request).bytes)
    }

    @Test(arguments: ["chat", "generate"])
    func `a whole answer is one object`(kind: String) throws {
        var choice = WholeAnswer.Choice()
        choice.reasoning = Array("Hm.".utf8)
        choice.text = Array("Well: ".utf8)
        choice.toolCalls = [
            ToolCall(id: "", name: "weather", arguments: Array(#"{"city":"Oslo"}"#.utf8)),
            ToolCall(id: "call_2", name: "bad", arguments: Array("{".utf8)),
            ToolCall(id: "call_3", name: "now", arguments: []),
        ]
        choice.finish = .toolCalls
        let answer = WholeAnswer(choices: [choice], usage: PlayedAnswer.usage)
        let body = try Self.request(kind).body(of: answer, for: PlayedAnswer.identity)
        #expect(body == GoldenFile.format("ollama/\(kind)-whole.json").bytes(replacedBy: body))
    }

    @Test
    func `a request that says nothing loads the model, or unloads it`() throws {
        let load = try OllamaChatRequest(body: Array(#"{"model":"m"}"#.utf8))
        let unload = try OllamaGenerateRequest(body: Array(#"{"model":"m","keep_alive":0}"#.utf8))
        let body =
            load.loadBody(for: PlayedAnswer.identity) + [UInt8(ascii: "\n")]
            + unload.loadBody(for: PlayedAnswer.identity) + [UInt8(ascii: "\n")]
        #expect(body == GoldenFile.format("ollama/load.ndjson").bytes(replacedBy: body))
    }

    @Test
    func `the catalogue tells models, each with a tag`() {
        let names = ["mock-llama", "reg:5000/team/m", "echo:7b"]
        let parts = [
            OllamaCatalogue.tags(names), OllamaCatalogue.loaded(names, now: PlayedAnswer.identity.created),
            OllamaCatalogue.show("mock-llama"), OllamaCatalogue.version, OllamaCatalogue.tags([]),
        ]
        let body = Array(parts.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")] + OllamaCatalogue.success
        #expect(body == GoldenFile.format("ollama/catalogue.ndjson").bytes(replacedBy: body))
    }

    @Test(arguments: [0, 999_999_998_000, 1_790_000_000_999_997_000, Int64.max - 1, Int64.min])
    func `each line's time is a microsecond later, over all carries`(created: Int64) throws {
        var identity = PlayedAnswer.identity
        identity.created = created
        var renderer = try Self.request("chat").renderer(for: identity)
        for line in 0..<5 as Range<Int64> {
            var frames = FrameBuffer()
            renderer.append(Array("a".utf8).span, as: .text, choice: 0, into: &frames)
            let (sum, isOver) = created.addingReportingOverflow(line * 1000)
            let time = RFC3339.text(unixNanoseconds: isOver ? .max : sum, fractionDigits: 6)
            if created < .max - 1 {
                #expect(String(decoding: frames.bytes, as: UTF8.self).contains("\"created_at\":\"\(time)\""))
            }
        }
    }

    @Test
    func `a problem is its words alone`() {
        let problem = RequestProblem(status: 404, code: "unknown_model", message: "model \"x\" not found")
        let body = OllamaProblem.body(of: problem, requestID: "r")
        #expect(body == Array(#"{"error":"model \"x\" not found"}"#.utf8))
        #expect(OllamaProblem.requestIDField == nil)
        #expect(OllamaProblem.fields(of: RateLimit(limit: 1, remaining: 0, resetSeconds: 1, now: 0)).isEmpty)
    }

    private static func request(_ kind: String) throws -> any WireRequest {
        let body = Array(#"{"model":"mock-llama","prompt":"p"}"#.utf8)
        return kind == "chat" ? try OllamaChatRequest(body: body) : try OllamaGenerateRequest(body: body)
    }
}
