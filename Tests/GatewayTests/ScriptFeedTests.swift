// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import Testing
import Typewriter

@testable import Gateway

struct ScriptFeedTests {
    private static func words(_ inputs: [StreamInput]) -> [String] {
        inputs.map { input in
            switch input {
            case .text(let bytes): "text \(String(decoding: bytes, as: UTF8.self))"
            case .named(.reasoning(let bytes)): "reasoning \(String(decoding: bytes, as: UTF8.self))"
            case .named(.toolCall(let delta)): "call \(delta.index) \(delta.name ?? "")"
            case .named(.usage(let usage)): "usage \(usage.outputTokens)"
            case .fault(let fault): "fault \(fault.kind)"
            case .closed: "closed"
            default: "other"
            }
        }
    }

    @Test
    func `text goes ahead, and all else waits until it has been typed`() {
        var feed = ScriptFeed(
            AnswerScript(
                steps: [
                    .text(Array("a".utf8)), .text(Array("b".utf8)), .reasoning(Array("c".utf8)),
                    .toolCall(ToolCall(id: "1", name: "look", arguments: [])), .fault(Fault(kind: .reset)),
                    .text(Array("d".utf8)),
                ],
                usage: Usage(inputTokens: 1, outputTokens: 9)
            ),
            start: 0
        )
        #expect(Self.words(feed.next(hasCaughtUp: true, now: 0)) == ["text a", "text b"])
        #expect(Self.words(feed.next(hasCaughtUp: false, now: 1)) == [])
        #expect(
            Self.words(feed.next(hasCaughtUp: true, now: 2))
                == ["reasoning c", "call 0 look", "fault reset", "text d", "usage 9", "closed"]
        )
        #expect(!feed.hasMore && feed.next(hasCaughtUp: true, now: 3).isEmpty)
    }

    @Test
    func `a pause begins when the text before it is typed`() {
        var feed = ScriptFeed(
            AnswerScript(steps: [.text(Array("a".utf8)), .pause(100), .text(Array("b".utf8))]),
            start: 0
        )
        _ = feed.next(hasCaughtUp: true, now: 0)
        #expect(feed.next(hasCaughtUp: true, now: 50).isEmpty && feed.wakeTime == 150)
        #expect(feed.next(hasCaughtUp: true, now: 149).isEmpty)
        #expect(Self.words(feed.next(hasCaughtUp: true, now: 150)) == ["text b", "closed"])
    }

    @Test
    func `what comes before any text waits for the time of the first token`() {
        var feed = ScriptFeed(AnswerScript(steps: [.reasoning(Array("c".utf8))]), start: 300)
        #expect(feed.wakeTime == 300 && feed.next(hasCaughtUp: true, now: 0).isEmpty)
        #expect(Self.words(feed.next(hasCaughtUp: true, now: 300)) == ["reasoning c", "closed"])
    }
}
