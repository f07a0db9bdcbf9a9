// SPDX-License-Identifier: Apache-2.0

import Conversation
import EventStream
import JSON
import TestSupport
import Testing
import WireFormats

struct OpenAIResponsesRendererTests {
    private typealias Transcript = OpenAIResponsesTranscript

    private static let events: [ChatEvent] = [
        Transcript.reasoning("a"), Transcript.text("b"), Transcript.refusal("c"), Transcript.call(0),
        Transcript.arguments(0, "{}"), Transcript.text("d"), Transcript.reasoning("e"), .end(.stop),
    ]

    @Test
    func `events are numbered from 0 without gaps, and named as their type`() throws {
        let events = Self.read(Transcript.stream(Self.events, of: try Transcript.request()).bytes)
        #expect(events.last?.data == Array("[DONE]".utf8))
        for (number, event) in events.dropLast().enumerated() {
            let payload = try JSONReader.read(event.data)
            #expect(payload["sequence_number"]?.integer == number)
            #expect(payload["type"]?.text == event.type)
        }
    }

    @Test
    func `an item ends before the next begins, and the last event holds them all as they were`() throws {
        let payloads = try Self.payloads(Transcript.stream(Self.events, of: try Transcript.request()).bytes)
        var done: [JSONValue] = []
        var open: JSONValue?
        for payload in payloads {
            switch payload["type"]?.text {
            case "response.output_item.added":
                #expect(open == nil)
                #expect(payload["output_index"]?.integer == done.count)
                open = payload["item"]
            case "response.output_item.done":
                let item = try #require(payload["item"])
                #expect(item["id"] == open?["id"])
                #expect(item["call_id"] == open?["call_id"])
                #expect(payload["output_index"]?.integer == done.count)
                done.append(item)
                open = nil
            default:
                guard let id = payload["item_id"] else { continue }
                #expect(id == open?["id"])
            }
        }
        #expect(payloads.last?["response"]?["output"]?.array == done)
        let types = done.compactMap { $0["type"]?.text }
        #expect(types == ["reasoning", "message", "function_call", "message", "reasoning"])
        #expect(done[1]["content"]?.array?.compactMap { $0["type"]?.text } == ["output_text", "refusal"])
    }

    @Test
    func `a stream that is read again is the end of the first, whatever the number`() throws {
        let request = try Transcript.request(#""input":"Hi","background":true"#)
        let whole = Self.read(Transcript.stream(Self.events, of: request).bytes)
        for number in -1...whole.count {
            let rest = Self.read(Transcript.stream(Self.events, of: request, startingAfter: number).bytes)
            #expect(rest == whole.suffix(max(whole.count - number - 1, 1)))
        }
    }

    @Test
    func `frames are marked with what they are for`() throws {
        let kinds = Transcript.stream([Transcript.text("a"), .end(.stop)], of: try Transcript.request()).frames.map(
            \.kind
        )
        let structure = FrameBuffer.Kind.structure
        #expect(
            kinds == Array(repeating: structure, count: 4) + [.unit] + Array(repeating: structure, count: 3)
                + [.finish, .terminator]
        )
    }

    @Test
    func `without [DONE] the last event is the last`() throws {
        let frames = Transcript.stream([.end(.stop)], of: try Transcript.request(), sendsDone: false)
        #expect(Self.read(frames.bytes).last?.type == "response.completed")
        #expect(frames.frames.last?.kind == .finish)
    }

    @Test
    func `only the first choice is told, and arguments of no call are not`() throws {
        let request = try Transcript.request()
        var renderer = request.renderer(for: Transcript.identity)
        var frames = FrameBuffer()
        renderer.begin(into: &frames)
        let start = frames.bytes
        let unit: [UInt8] = [0x61]
        renderer.append(unit.span, as: .text, choice: 1, into: &frames)
        renderer.beginToolCall(ToolCall(id: "", name: "f", arguments: []), choice: 1, into: &frames)
        renderer.end(.length, choice: 1, into: &frames)
        renderer.append(unit.span, as: .toolArguments, choice: 0, into: &frames)
        #expect(frames.bytes == start)
    }

    @Test
    func `nothing comes after the end`() throws {
        let request = try Transcript.request()
        let fault = ChatFault(kind: .internal, message: "m", retryable: false)
        for last in [ChatEvent.end(.stop), .fault(fault)] {
            let whole = Transcript.stream([Transcript.text("a"), last], of: request).bytes
            let more: [ChatEvent] = [Transcript.text("a"), last, Transcript.text("b"), Transcript.call(0), .end(.stop)]
            #expect(Transcript.stream(more + [.fault(fault)], of: request).bytes == whole)
        }
    }

    @Test
    func `an answer that was cancelled just ends`() throws {
        let request = try Transcript.request()
        let open = Transcript.stream([Transcript.text("a")], of: request).bytes
        let fault = ChatFault(kind: .cancelled, message: "m", retryable: false)
        let cancelled = Transcript.stream([Transcript.text("a"), .fault(fault)], of: request).bytes
        #expect(cancelled == open + Array("data: [DONE]\n\n".utf8))
    }

    @Test
    func `a heartbeat is a comment, and takes no number`() throws {
        var renderer = try Transcript.request().renderer(for: Transcript.identity)
        var frames = FrameBuffer()
        renderer.heartbeat(into: &frames)
        #expect(frames.bytes == Array(":\n\n".utf8))
        frames.removeAll()
        renderer.begin(into: &frames)
        #expect(try Self.payloads(frames.bytes).first?["sequence_number"]?.integer == 0)
    }

    private static func read(_ bytes: [UInt8]) -> [ServerSentEvent] {
        var parser = EventStreamParser()
        var events: [ServerSentEvent] = []
        try? parser.feed(bytes.span) { events.append($0) }
        return events
    }

    private static func payloads(_ bytes: [UInt8]) throws -> [JSONValue] {
        try read(bytes).filter { $0.data != Array("[DONE]".utf8) }.map { try JSONReader.read($0.data) }
    }
}
