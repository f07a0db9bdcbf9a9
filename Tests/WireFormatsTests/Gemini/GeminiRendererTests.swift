// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct GeminiRendererTests {
    typealias Step = GeminiStory.Step

    private static let usage = Usage(inputTokens: 9, outputTokens: 3)
    private static let text: [Step] = [
        .unit("Good"), .heartbeat, .unit(" day,\n"), .unit("\u{2028}\"Ada\""), .end(.stop), .finish(usage),
    ]
    private static let thought: [Step] = [
        .unit("A greeting", .reasoning), .unit(" back.", .reasoning), .unit("Hi!"), .end(.stopSequence("x")),
        .finish(Usage(inputTokens: 9, outputTokens: 4, reasoningTokens: 2, cachedTokens: 5)),
    ]
    private static let call: [Step] = [
        .call("get_time", id: "call_Ab1"), .unit(#"{"zone":"#, .toolArguments), .unit(#""UTC"}"#, .toolArguments),
        .end(.toolCalls), .finish(usage),
    ]
    private static let calls: [Step] = [
        .unit("I look."), .call("get_time"), .unit(#"{"zone":"UTC"}"#, .toolArguments),
        .call("get_date", id: "fc-mine"), .end(.toolCalls), .finish(usage),
    ]
    private static let candidates: [Step] = [
        .unit("One"), .unit("Two", choice: 1), .end(.stop, choice: 1), .unit(" more"), .end(.length), .finish(usage),
    ]
    private static let failure: [Step] = [
        .unit("Good"), .fail(ChatFault(kind: .overloaded, message: "Too \"busy\".", retryable: true)),
    ]

    private static let goldens: [(String, [Step], Int)] = [
        ("text", text, 1), ("thought", thought, 1), ("call", call, 1), ("calls", calls, 1),
        ("candidates", candidates, 2),
        ("refusal", [.unit("No.", .refusal), .end(.refusal), .finish(usage)], 1),
        ("broken_call", [.call("get_time"), .unit("{\"zo", .toolArguments), .end(.toolCalls), .finish(usage)], 1),
        ("failure", failure, 1),
    ]

    @Test(arguments: goldens)
    func `a stream of events is as its transcript`(name: String, steps: [Step], count: Int) throws {
        let actual = try GeminiStory.render(steps, candidates: count).bytes
        #expect(actual == GeminiGolden.bytes("\(name).sse", replacedBy: actual))
    }

    @Test(arguments: goldens)
    func `a stream without alt=sse is one JSON array`(name: String, steps: [Step], count: Int) throws {
        let frames = try GeminiStory.render(steps, candidates: count, isEventStream: false)
        #expect(frames.bytes == GeminiGolden.bytes("\(name)_stream.json", replacedBy: frames.bytes))
        #expect(try JSONReader.read(frames.bytes).array?.isEmpty == false)
        #expect(frames.frames.last?.end == frames.bytes.count)
    }

    @Test(arguments: goldens)
    func `each frame but a failure is one event, and only the last of a candidate says why it ends`(
        name: String,
        steps: [Step],
        count: Int
    ) throws {
        let frames = try GeminiStory.render(steps, candidates: count)
        var start = 0
        for frame in frames.frames {
            let text = String(decoding: frames.bytes[start..<frame.end], as: UTF8.self)
            start = frame.end
            if frame.kind == .failure { continue }
            #expect(text.hasPrefix("data: {") && text.hasSuffix("}\r\n\r\n"))
            #expect(text.utf8.count { $0 == 0x0A || $0 == 0x0D } == 4)
            #expect(text.contains("finishReason") == (frame.kind == .finish))
        }
        #expect(start == frames.bytes.count)
    }

    @Test
    func `an answer of nothing is an array all the same`() throws {
        let frames = try GeminiStory.render([.end(.stop), .finish(Self.usage)], isEventStream: false)
        #expect(try JSONReader.read(frames.bytes).array?.count == 1)
        let fault = ChatFault(kind: .internal, message: "m", retryable: false)
        let failed = try GeminiStory.render([.fail(fault)], isEventStream: false)
        #expect(try JSONReader.read(failed.bytes).array?.first?["error"]?["status"]?.text == "INTERNAL")
    }

    @Test(arguments: [
        ("text", [choice(text: "Good day")]),
        ("thought", [choice(reasoning: "A greeting back.", text: "Hi!", finish: .length)]),
        ("calls", [choice(text: "I look.", calls: [#"{"zone":"UTC"}"#, ""], finish: .toolCalls)]),
        ("call", [choice(calls: [#"{"n":[1.50]}"#], finish: .toolCalls)]),
        ("broken_call", [choice(calls: ["{"], finish: .toolCalls)]),
        ("candidates", [choice(text: "One"), choice(refusal: "No.", finish: .refusal)]),
    ])
    func `a whole answer is as its transcript`(name: String, choices: [WholeAnswer.Choice]) throws {
        let usage = Usage(inputTokens: 9, outputTokens: 6, reasoningTokens: name == "thought" ? 4 : 0)
        let request = try GeminiStory.request()
        let actual = request.body(of: WholeAnswer(choices: choices, usage: usage), for: GeminiStory.identity)
        #expect(actual == GeminiGolden.bytes("\(name).json", replacedBy: actual))
    }

    private static func choice(
        reasoning: String = "",
        text: String = "",
        refusal: String = "",
        calls: [String] = [],
        finish: FinishReason = .stop
    ) -> WholeAnswer.Choice {
        var choice = WholeAnswer.Choice()
        choice.reasoning = Array(reasoning.utf8)
        choice.text = Array(text.utf8)
        choice.refusal = Array(refusal.utf8)
        choice.toolCalls = calls.map { ToolCall(id: "", name: "get_time", arguments: Array($0.utf8)) }
        choice.finish = finish
        return choice
    }
}
