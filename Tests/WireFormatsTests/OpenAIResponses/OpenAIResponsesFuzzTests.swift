// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import TestSupport
import Testing
import WireFormats

struct OpenAIResponsesFuzzTests {
    private typealias Transcript = OpenAIResponsesTranscript

    private static let request = Array(
        #"""
        {"model":"m","instructions":"i","stream":true,"background":false,"store":true,"max_output_tokens":99,
        "input":[{"role":"user","content":[{"type":"input_text","text":"é"},{"type":"input_image","file_id":"f"}]},
        {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"item_reference","id":"x"},
        {"type":"function_call_output","call_id":"c","output":"o"},{"type":"reasoning","summary":[]}],
        "tools":[{"type":"function","name":"f","parameters":{},"strict":true}],"tool_choice":{"type":"allowed_tools",
        "mode":"auto","tools":[{"type":"function","name":"f"}]},"reasoning":{"effort":"low","summary":"auto"},
        "text":{"format":{"type":"json_schema","name":"n","schema":{}}},"metadata":{"a":"b"},"temperature":1.5}
        """#.utf8
    )

    private static let stream = Array(
        [
            #"{"type":"response.reasoning_text.delta","delta":"a"}"#,
            #"{"type":"response.output_text.delta","delta":"\ud83d\ude00 é"}"#,
            #"{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","call_id":"c"}}"#,
            #"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{}"}"#,
            #"{"type":"response.completed","response":{"usage":{"input_tokens":1,"output_tokens":2}}}"#,
        ].map { "event: e\ndata: \($0)\n\n" }.joined().utf8
    )

    @Test
    func `a request broken anywhere is refused with 400 or answered with JSON`() throws {
        var dice = Dice(seed: 3)
        let answer = Transcript.answer { $0.text = Array("t".utf8) }
        var accepted = 0
        for _ in 0..<10_000 {
            do {
                let request = try OpenAIResponsesRequest(body: Self.broken(Self.request, &dice))
                accepted += 1
                if accepted % 20 == 0 {
                    let body = try JSONReader.read(request.body(of: answer, for: Transcript.identity))
                    #expect(body["output"] != nil)
                }
            } catch let problem as RequestProblem {
                #expect(problem.status == 400)
                #expect(problem.message.utf8.count < 2000)
            }
        }
        #expect(accepted > 100)
    }

    @Test
    func `a stream broken anywhere ends once, with the end or a fault`() {
        var dice = Dice(seed: 5)
        for _ in 0..<10_000 {
            let bytes = Self.broken(Self.stream, &dice)
            let cut = Int.random(in: 0...bytes.count, using: &dice)
            var parser = OpenAIResponsesStreamParser()
            let read = parser.feed(Array(bytes[..<cut])) + parser.feed(Array(bytes[cut...])) + parser.finish()
            let ends = read.filter {
                switch $0 {
                case .end, .fault: true
                default: false
                }
            }
            #expect(ends.count == 1)
            #expect(ends.last == read.last)
        }
    }

    /// `bytes` with a few of them changed, lost, doubled, or their end cut off.
    private static func broken(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = bytes
        let likely = Array(#"{}[]",:\0n1-e"#.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &dice) {
            let place = Int.random(in: 0..<max(bytes.count, 1), using: &dice)
            guard place < bytes.count else { continue }
            let end = min(place + Int.random(in: 0..<20, using: &dice), bytes.count)
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
            case 1: bytes[place] = likely[Int.random(in: 0..<likely.count, using: &dice)]
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 4: bytes.insert(likely[Int.random(in: 0..<likely.count, using: &dice)], at: place)
            default: if Int.random(in: 0..<10, using: &dice) == 0 { bytes.removeSubrange(place...) }
            }
        }
        return bytes
    }
}
