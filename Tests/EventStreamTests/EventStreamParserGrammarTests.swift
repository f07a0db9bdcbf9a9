// SPDX-License-Identifier: Apache-2.0

import EventStream
import Testing

struct EventStreamParserGrammarTests {
    private static let cases = GrammarCase.lines + GrammarCase.fields

    @Test(arguments: cases)
    func `a stream fed whole gives what the specification says`(example: GrammarCase) {
        let reading = Reading(example.stream)
        #expect(reading.events == example.events)
        #expect(reading.retryMilliseconds == example.retry)
    }

    @Test(arguments: cases)
    func `a stream fed byte by byte gives the same`(example: GrammarCase) {
        let reading = Reading(example.stream, borders: Array(1...example.stream.count))
        #expect(reading.events == example.events)
        #expect(reading.retryMilliseconds == example.retry)
    }

    @Test(arguments: cases)
    func `a stream cut in two, wherever, gives the same`(example: GrammarCase) {
        for cut in 0...example.stream.count {
            let reading = Reading(example.stream, borders: [cut, cut, example.stream.count])
            #expect(reading.events == example.events, "cut at \(cut)")
            #expect(reading.retryMilliseconds == example.retry, "cut at \(cut)")
        }
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func `an event leaves with the end of its empty line, before more is fed`(lineEnd: String) {
        var parser = EventStreamParser()
        var events: [ServerSentEvent] = []
        for byte in "data: a\(lineEnd)".utf8 { parser.take(byte) { events.append($0) } }
        #expect(events.isEmpty)
        if let first = lineEnd.utf8.first { parser.take(first) { events.append($0) } }
        #expect(events == [ServerSentEvent("a")])
    }

    @Test
    func `retry holds as soon as its line ends`() {
        var parser = EventStreamParser()
        for byte in "retry: 2\n".utf8 { parser.take(byte) { _ in } }
        #expect(parser.retryMilliseconds == 2)
    }

    @Test
    func `a copy of the parser goes on by itself`() {
        var parser = EventStreamParser()
        for byte in "id: 1\nevent: tool\ndata: a".utf8 { parser.take(byte) { _ in } }
        var copy = parser
        var events: [ServerSentEvent] = []
        for byte in "b\n\n".utf8 { parser.take(byte) { events.append($0) } }
        for byte in "c\n\n".utf8 { copy.take(byte) { events.append($0) } }
        #expect(events == [.init("ab", type: "tool", id: "1"), .init("ac", type: "tool", id: "1")])
    }
}

extension EventStreamParser {
    /// Feeds one byte; no bound is near.
    fileprivate mutating func take(_ byte: UInt8, _ emit: (ServerSentEvent) -> Void) {
        do {
            try feed([byte].span, emit)
        } catch {
            Issue.record(error)
        }
    }
}
