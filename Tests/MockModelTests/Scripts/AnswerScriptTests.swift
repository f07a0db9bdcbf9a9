// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import TestSupport
import Testing

struct AnswerScriptTests {
    private typealias Step = AnswerScript.Step

    @Test(arguments: [
        ("one two three", ["two"], "one ", "two"),
        ("one two three", ["three", "two"], "one ", "two"),
        ("one two three", ["two three", "two"], "one ", "two"),
        ("aaab", ["aab"], "a", "aab"),
        ("grüße 👋 du", ["👋"], "grüße ", "👋"),
        ("stop", ["stop"], "", "stop"),
    ])
    func `the text ends before the first stop sequence`(text: String, stops: [String], rest: String, stop: String) {
        let script = Self.script(text).limited(maximumTokens: nil, stopSequences: stops)
        #expect(script.choice().text == Array(rest.utf8))
        #expect(script.finish == .stopSequence(stop))
    }

    @Test(arguments: [[], [""], ["four"], ["threee"]])
    func `without a stop sequence in the text the script stays as it is`(stops: [String]) {
        let script = Self.script("one two three")
        #expect(script.limited(maximumTokens: nil, stopSequences: stops) == script)
    }

    @Test
    func `a stop sequence is found over the border of steps, and what comes after is dropped`() {
        let steps: [Step] = [
            .reasoning(Array("END".utf8)), .text(Array("one E".utf8)), .pause(5), .text(Array("ND two".utf8)),
            .pause(6),
            .toolCall(ToolCall(id: "1", name: "t", arguments: [])),
        ]
        let script = AnswerScript(steps: steps).limited(maximumTokens: nil, stopSequences: ["END"])
        #expect(script.steps == [.reasoning(Array("END".utf8)), .text(Array("one ".utf8))])
        let later = AnswerScript(steps: steps).limited(maximumTokens: nil, stopSequences: ["D"])
        #expect(later.steps == Array(steps[..<3]) + [.text(Array("N".utf8))])
    }

    @Test(arguments: [(0, ""), (1, "one"), (2, "one two"), (3, "one two three")])
    func `the limit cuts where a token ends`(maximum: Int, text: String) {
        let script = Self.script("one two three").limited(maximumTokens: maximum, stopSequences: [])
        #expect(script.choice().text == Array(text.utf8))
        #expect(script.finish == (maximum < 3 ? .length : .stop))
    }

    @Test
    func `the limit counts all that the model writes, and keeps pauses and faults before the cut`() {
        let call = ToolCall(id: "1", name: "t", arguments: Array(#"{"city": "Oslo"}"#.utf8))
        let steps: [Step] = [
            .reasoning(Array("hm so".utf8)), .pause(5), .text(Array("one two".utf8)), .fault(Fault(kind: .reset)),
            .refusal(Array("no no".utf8)), .toolCall(call), .pause(7),
        ]
        let script = AnswerScript(steps: steps, finish: .toolCalls)
        let total = script.usage(input: 9).outputTokens
        #expect(script.usage(input: 9).reasoningTokens == 2)
        #expect(script.limited(maximumTokens: total, stopSequences: []) == script)
        #expect(script.limited(maximumTokens: 2, stopSequences: []).steps == Array(steps[..<1]))
        let five = script.limited(maximumTokens: 5, stopSequences: [])
        #expect(five.steps == Array(steps[..<4]) + [.refusal(Array("no".utf8))])
        let broken = script.limited(maximumTokens: total - 1, stopSequences: [])
        #expect(broken.finish == .length)
        #expect(broken.choice().toolCalls.first.map { call.arguments.starts(with: $0.arguments) } == true)
        #expect(broken.choice().toolCalls.first?.arguments != call.arguments)
    }

    @Test
    func `the stop comes before the limit, unless the limit cuts earlier`() {
        let script = Self.script("one two three four")
        #expect(script.limited(maximumTokens: 3, stopSequences: [" two"]).finish == .stopSequence(" two"))
        #expect(script.limited(maximumTokens: 2, stopSequences: [" four"]).finish == .length)
    }

    @Test
    func `whatever the limits, what is left is a beginning, holds no stop sequence and is not too long`() {
        var dice = Dice(seed: 3)
        for _ in 0..<2_000 {
            let steps = (0..<Int.random(in: 0..<5, using: &dice)).map { _ in Self.step(&dice) }
            let stops = (0..<Int.random(in: 0..<3, using: &dice)).map { _ in Self.text(&dice, most: 3) }
            let script = AnswerScript(steps: steps)
            let maximum = Int.random(in: 0..<12, using: &dice)
            let limited = script.limited(maximumTokens: maximum, stopSequences: stops)
            let text = String(decoding: limited.choice().text, as: UTF8.self)
            #expect(script.choice().text.starts(with: limited.choice().text))
            #expect(stops.allSatisfy { $0.isEmpty || text.utf8.firstRange(of: $0.utf8) == nil })
            #expect(limited.usage(input: 0).outputTokens <= maximum)
            #expect(limited.finish != .stop || limited == script)
        }
    }

    @Test
    func `of a script that was not typed to its end, what was typed is counted`() {
        let thought = Array("Let me think.".utf8)
        let text = Array("internationalisation of the abcdef words".utf8)
        let script = AnswerScript(steps: [.reasoning(thought), .pause(5), .text(text)])
        let thoughts = TokenEstimate.tokenEnds(thought)
        for (index, end) in thoughts.enumerated() {
            #expect(script.usage(input: 0, ofFirst: end).outputTokens == index + 1)
            #expect(script.usage(input: 0, ofFirst: end).reasoningTokens == index + 1)
        }
        for (index, end) in TokenEstimate.tokenEnds(text).enumerated() {
            let counts = script.usage(input: 0, ofFirst: thought.count + end)
            #expect(counts.outputTokens == thoughts.count + index + 1)
            #expect(counts.reasoningTokens == thoughts.count)
        }
        #expect(script.usage(input: 0, ofFirst: 0).outputTokens == 0)
        #expect(script.usage(input: 0, ofFirst: .max) == script.usage(input: 0))
    }

    @Test
    func `the counts of a script are its own where it has some`() {
        let usage = Usage(inputTokens: 1, outputTokens: 2, reasoningTokens: 3, cachedTokens: 4)
        #expect(AnswerScript(steps: [.text([0x61])], usage: usage).usage(input: 7) == usage)
        #expect(AnswerScript(steps: [.text([0x61])]).usage(input: 7) == Usage(inputTokens: 7, outputTokens: 1))
    }

    @Test
    func `a whole choice has all that is said, and where its tokens end`() {
        let call = ToolCall(id: "1", name: "t", arguments: Array("{}".utf8))
        let steps: [Step] = [
            .reasoning(Array("a".utf8)), .text(Array("one two".utf8)), .reasoning(Array("b".utf8)), .pause(1),
            .text(Array(" three".utf8)), .refusal(Array("no".utf8)), .toolCall(call),
        ]
        let choice = AnswerScript(steps: steps, finish: .toolCalls).choice()
        #expect(choice.reasoning == Array("ab".utf8))
        #expect(choice.text == Array("one two three".utf8))
        #expect(choice.tokenEnds == [3, 7, 13])
        #expect(choice.refusal == Array("no".utf8))
        #expect(choice.toolCalls == [call])
        #expect(choice.finish == .toolCalls)
    }

    private static func script(_ text: String) -> AnswerScript {
        AnswerScript(steps: [.text(Array(text.utf8))])
    }

    private static func step(_ dice: inout Dice) -> Step {
        let text = Array(text(&dice, most: 9).utf8)
        return switch Int.random(in: 0..<6, using: &dice) {
        case 0: .reasoning(text)
        case 1: .refusal(text)
        case 2: .toolCall(ToolCall(id: "", name: "t", arguments: text))
        case 3: .pause(5)
        default: .text(text)
        }
    }

    private static func text(_ dice: inout Dice, most: Int) -> String {
        let letters: [Character] = ["a", "b", "é", " ", "👩🏽‍💻", "\n"]
        let count = Int.random(in: 0...most, using: &dice)
        return String((0..<count).compactMap { _ in letters.randomElement(using: &dice) })
    }
}

extension Collection where Element: Equatable {
    fileprivate func firstRange(of other: some Collection<Element>) -> Index? {
        indices.first { self[$0...].starts(with: other) }
    }
}
