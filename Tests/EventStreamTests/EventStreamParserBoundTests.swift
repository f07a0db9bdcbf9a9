// SPDX-License-Identifier: Apache-2.0

import EventStream
import Testing

struct EventStreamParserBoundTests {
    @Test
    func `a line as long as the bound passes, and one byte more does not`() {
        let line = "data:" + String(repeating: "x", count: 27)
        #expect(Reading(line + "\n\n", limit: 32).events == [ServerSentEvent(String(repeating: "x", count: 27))])
        #expect(Reading(line + "x\n\n", limit: 32).isTooLarge)
    }

    @Test
    func `a line that does not end is refused when it passes the bound`() {
        #expect(!Reading("data: " + String(repeating: "x", count: 26), limit: 32).isTooLarge)
        #expect(Reading("data: " + String(repeating: "x", count: 27), limit: 32).isTooLarge)
    }

    @Test(arguments: [":", "unknown: ", "id: ", "event: ", "retry: "])
    func `a line of any kind is bounded`(start: String) {
        #expect(Reading(start + String(repeating: "7", count: 40) + "\n", limit: 32).isTooLarge)
    }

    @Test
    func `the data of an event as long as the bound passes, and one byte more does not`() {
        let lines = String(repeating: "data: 1234567\n", count: 3)
        #expect(Reading(lines + "data: 12345678\n\n", limit: 32).events.map(\.data.count) == [32])
        let reading = Reading("data: first\n\n" + lines + "data: 123456789\n\n", limit: 32)
        #expect(reading.isTooLarge)
        #expect(reading.events == [ServerSentEvent("first")])
    }

    @Test
    func `many lines of empty data are bounded too`() {
        #expect(Reading(String(repeating: "data\n", count: 33) + "\n", limit: 32).events.map(\.data.count) == [32])
        #expect(Reading(String(repeating: "data\n", count: 34) + "\n", limit: 32).isTooLarge)
    }

    @Test
    func `events of a long stream do not add up`() {
        let reading = Reading(String(repeating: ": note\ndata: 12345678901234567890\n\n", count: 1_000), limit: 32)
        #expect(reading.events.count == 1_000)
    }

    @Test
    func `the error tells the bound`() {
        let error = #expect(throws: EventStreamParser.TooLarge.self) {
            var parser = EventStreamParser(limit: 16)
            try parser.feed(Array("data: 12345678901".utf8).span) { _ in }
        }
        #expect(error?.limit == 16)
    }

    @Test
    func `the default bound is 8 MiB`() {
        #expect(EventStreamParser().limit == 8 << 20)
    }

    @Test(arguments: [8 << 20, 16_384])
    func `an event of 5 MiB arrives whole`(chunk: Int) {
        let data = (0..<5 << 20).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        let stream = Array("id: 1\ndata: ".utf8) + data + Array("\n\ndata: after\n\n".utf8)
        let borders = Array(stride(from: chunk, to: stream.count, by: chunk)) + [stream.count]
        let reading = Reading(stream, borders: borders)
        #expect(reading.events.map(\.data.count) == [data.count, 5])
        #expect(reading.events.first?.data == data)
    }
}
