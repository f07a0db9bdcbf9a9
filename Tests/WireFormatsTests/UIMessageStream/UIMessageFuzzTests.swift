// SPDX-License-Identifier: Apache-2.0

import Conversation
import EventStream
import JSON
import TestSupport
import Testing
import WireFormats

struct UIMessageFuzzTests {
    private static let body = Array(
        #"""
        {"id":"c","messages":[{"id":"a","role":"assistant","parts":[{"type":"text","text":"u"},
        {"type":"file","mediaType":"image/png","url":"x"},{"type":"tool-f","toolCallId":"c","state":"output-available",
        "input":{},"output":[1]}]}],"trigger":"submit-message"}
        """#.utf8
    )

    /// The fields that a part may have, and none besides (ai-sdk-ui-stream.md, part 2).
    private static let fields: [String: Set<String>] = [
        "start": ["messageId"], "start-step": [], "finish-step": [], "finish": ["finishReason"],
        "text-start": ["id"], "text-delta": ["id", "delta"], "text-end": ["id"],
        "reasoning-start": ["id"], "reasoning-delta": ["id", "delta"], "reasoning-end": ["id"],
        "tool-input-start": ["toolCallId", "toolName"], "tool-input-delta": ["toolCallId", "inputTextDelta"],
        "tool-input-available": ["toolCallId", "toolName", "input"],
    ]

    @Test
    func `what is rendered is read again as it was said, and has the fields of the table alone`() throws {
        var dice = Dice(seed: 4)
        let request = try UIMessageStreamRequest(body: Self.body)
        for _ in 0..<300 {
            let said = dice.speech() + [.end(.stop)]
            let stream = PlayedAnswer.frames(said + [.usage(PlayedAnswer.usage)], to: request, pauses: true).bytes
            let cuts = (0..<3).map { _ in Int.random(in: 0...stream.count, using: &dice) }
            let heard = PlayedAnswer.read(stream, with: UIMessageStreamParser(), cuts: cuts)
            #expect(PlayedAnswer.joined(heard) == PlayedAnswer.joined(said))
            try Self.check(stream)
        }
    }

    @Test
    func `a damaged body is read or refused`() {
        var dice = Dice(seed: 5)
        for _ in 0..<10_000 {
            let body = dice.damaged(Self.body)
            _ = UIMessageStreamRequest.isUIMessageBody(body)
            do {
                #expect(try UIMessageStreamRequest(body: body).chat.isStreamed)
            } catch {
                #expect(error.status == 400)
                #expect(!error.message.isEmpty)
            }
        }
    }

    @Test
    func `a damaged stream ends once, with an end or a fault`() throws {
        var dice = Dice(seed: 6)
        let request = try UIMessageStreamRequest(body: Self.body)
        let streams = (0..<100).map { _ in
            PlayedAnswer.frames(dice.speech() + [.end(.stop), .usage(PlayedAnswer.usage)], to: request).bytes
        }
        for round in 0..<10_000 {
            let stream = dice.damaged(streams[round % streams.count])
            let cut = Int.random(in: 0...stream.count, using: &dice)
            let events = PlayedAnswer.read(stream, with: UIMessageStreamParser(limit: 4096), cuts: [cut])
            let ends = events.indices.filter { index in
                switch events[index] {
                case .end, .fault: true
                default: false
                }
            }
            #expect(ends == [events.count - 1])
        }
    }

    /// Every delta and end has its start before it, and every start its end.
    private static func check(_ stream: [UInt8]) throws {
        var parser = EventStreamParser()
        var payloads: [[UInt8]] = []
        try parser.feed(stream.span) { payloads.append($0.data) }
        #expect(payloads.last == Array("[DONE]".utf8))
        var open: String?
        for payload in payloads.dropLast() {
            let part = try JSONReader.read(payload)
            let type = part["type"]?.text ?? ""
            let names = Set(part.members?.map(\.name) ?? []).subtracting(["type"])
            #expect(fields[type] == names)
            let id = part["id"]?.text ?? part["toolCallId"]?.text
            switch type {
            case "text-start", "reasoning-start", "tool-input-start":
                #expect(open == nil)
                open = id
            case "text-end", "reasoning-end", "tool-input-available":
                #expect(open == id)
                open = nil
            default: #expect(open == id)
            }
        }
        #expect(open == nil)
    }
}
