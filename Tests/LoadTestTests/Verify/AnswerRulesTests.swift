// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

/// What each format forbids.
struct AnswerRulesTests {
    /// The errors of a golden stream whose events have been changed.
    private func errors(_ name: String, _ change: (inout [String]) -> Void) -> [FindingKind] {
        let isLines = name.hasSuffix(".ndjson")
        let body = Inspection.golden(name)
        let separator = isLines ? "\n" : body.utf8.contains(0x0D) ? "\r\n\r\n" : "\n\n"
        var events = body.split(separator: separator).map { String($0) + separator }
        change(&events)
        return Inspection.errors(Inspection.ofNDJSON(name).judge(events.joined()))
    }

    private func index(_ events: [String], _ text: String, from start: Int = 0) -> Int {
        events.indices.dropFirst(start).first { events[$0].contains(text) } ?? 0
    }

    @Test func `chat begins with a role and has one finish`() {
        let name = "openai-chat/text.sse"
        #expect(errors(name) { _ in } == [])
        #expect(errors(name) { $0.removeFirst() } == [.order])
        #expect(errors(name) { events in events.remove(at: self.index(events, "\"stop\"")) } == [.missingFinish])
        #expect(
            errors(name) { events in
                let finish = self.index(events, "\"stop\"")
                events.insert(events[finish], at: finish)
            } == [.order]
        )
        #expect(errors(name) { $0.swapAt($0.count - 2, $0.count - 3) } == [.order])
        #expect(errors(name) { $0.append($0[1]) }.contains(.order))
        #expect(errors(name) { $0[1] = "data: {\"object\":\"chat.completion.chunk\"}\n\n" }.contains(.members))
        #expect(errors(name) { $0[1] = "data: 17\n\n" } == [.members])
        #expect(errors(name) { $0[1] = "data: {\"object\":\n\n" } == [.malformedJSON])
    }

    @Test func `each choice of chat has its own finish`() {
        let name = "openai-chat/two-choices.sse"
        #expect(errors(name) { events in events.remove(at: self.index(events, "\"stop\"")) } == [.missingFinish])
    }

    @Test func `blocks of messages are balanced`() {
        let name = "anthropic/text.sse"
        // Without its first event the format has to be told.
        let headless = Inspection(format: .anthropicMessages).errors(
            Inspection.golden(name).split(separator: "\n\n").dropFirst().map { $0 + "\n\n" }.joined()
        )
        #expect(headless == [.order])
        for part in ["content_block_start", "content_block_stop"] {
            #expect(errors(name) { events in events.remove(at: self.index(events, part)) } == [.order], "\(part)")
        }
        #expect(errors(name) { events in events.remove(at: self.index(events, "message_delta")) } == [.missingFinish])
        #expect(errors(name) { $0.removeLast() } == [.missingTerminator])
        #expect(errors(name) { $0.append($0[$0.count - 1]) } == [.doubledTerminator])
        #expect(errors(name) { $0[2] = $0[2].split(separator: "\n").last.map { $0 + "\n\n" } ?? "" } == [.grammar])
    }

    @Test func `arguments of a tool call are JSON`() {
        let name = "anthropic/tool_use.sse"
        #expect(errors(name) { _ in } == [])
        let broken = errors(name) { events in
            events.removeAll { $0.contains("partial_json") && $0.contains("}\"}}") }
        }
        #expect(broken == [.brokenToolArguments])
    }

    @Test func `responses are numbered, and tell their texts again`() {
        let name = "openai-responses/text.sse"
        let delta = "output_text.delta"
        #expect(errors(name) { events in events.remove(at: self.index(events, delta)) } == [.lose])
        #expect(
            errors(name) { events in
                let place = self.index(events, delta)
                events.insert(events[place], at: place)
            } == [.duplicate]
        )
        #expect(
            errors(name) { events in
                let place = self.index(events, delta)
                events.swapAt(place, place + 1)
            } == [.reorder]
        )
        #expect(
            errors(name) { events in
                let place = self.index(events, delta)
                let parts = events[place].split(separator: "\"delta\":\"")
                events[place] = parts.joined(separator: "\"delta\":\"X")
            } == [.text]
        )
    }

    @Test func `responses end with one response event`() {
        let name = "openai-responses/text.sse"
        #expect(errors(name) { events in events.removeAll { $0.contains("event: response.completed") } }.count == 1)
        #expect(errors(name) { events in events.removeAll { $0.contains("[DONE]") } } == [])
    }

    @Test func `counts of gemini only grow, and its end has a finish`() {
        let name = "gemini/text.sse"
        #expect(errors(name) { $0.insert($0[0], at: 0) } == [.duplicate])
        #expect(errors(name) { $0.swapAt(0, 1) } == [.reorder])
        #expect(errors(name) { $0.removeLast() } == [.end])
    }

    @Test func `the last line of ollama is the one that is done`() {
        let name = "ollama/chat-text.ndjson"
        #expect(errors(name) { $0.removeLast() } == [.end])
        #expect(errors(name) { $0.insert($0[0], at: 0) } == [.duplicate])
        #expect(errors(name) { $0.swapAt(0, 1) } == [.reorder])
        #expect(errors(name) { $0.append("{\"model\":\"m\"}\n") }.contains(.order))
    }

    @Test func `parts of a UI message begin before they end`() {
        let name = "ui-message-stream/text.sse"
        for part in ["\"start\"", "text-start", "text-end", "finish-step", "start-step"] {
            #expect(errors(name) { events in events.remove(at: self.index(events, part)) } == [.order], "\(part)")
        }
        #expect(errors(name) { events in events.remove(at: self.index(events, "\"finish\"")) } == [.missingFinish])
        #expect(errors(name) { $0[2] = "data: {\"type\":\"text-began\"}\n\n" }.contains(.members))
    }

    @Test func `a format is guessed from its first event`() {
        func guess(_ data: String) -> StreamFormat? {
            StreamFormat.guess(StreamFrame(number: 1, offset: 0, data: Array(data.utf8)))
        }
        #expect(guess("Hello") == .eventSource && guess("{\"a\":1}") == .eventSource)
        #expect(guess("{\"object\":\"text_completion\"}") == .openAICompletions)
        #expect(guess("{\"object\":") == nil)
    }
}
