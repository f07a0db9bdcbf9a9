// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

struct OpenAIResponsesBodyGoldenTests {
    private typealias Transcript = OpenAIResponsesTranscript

    private static let half = Transcript.answer { $0.text = Array("Half an answ".utf8) }.choices[0]
    private static let fault = ChatFault(kind: .upstreamTimeout, message: "No word for too long.", retryable: true)

    @Test(arguments: [
        (
            "nonstream_text.json",
            OpenAIResponseObject.Progress.whole(Transcript.answer { $0.text = Array("The tide turns.".utf8) })
        ),
        (
            "nonstream_tool.json",
            .whole(
                Transcript.answer {
                    $0.toolCalls = [
                        ToolCall(id: "call_tide", name: "tide", arguments: Array("{}".utf8)),
                        ToolCall(id: "", name: "tide", arguments: Array(#"{"port":"Vigo"}"#.utf8)),
                    ]
                    $0.finish = .toolCalls
                }
            )
        ),
        (
            "nonstream_reasoning.json",
            .whole(
                Transcript.answer {
                    $0.reasoning = Array("Moon.".utf8)
                    $0.text = Array("High.".utf8)
                }
            )
        ),
        (
            "nonstream_refusal.json",
            .whole(
                Transcript.answer {
                    $0.refusal = Array("No.".utf8)
                    $0.finish = .refusal
                }
            )
        ),
        (
            "nonstream_incomplete.json",
            .whole(
                Transcript.answer {
                    $0.text = Array("Once".utf8)
                    $0.finish = .length
                }
            )
        ),
        ("queued.json", .queued), ("in_progress.json", .inProgress(half)),
        ("failed.json", .failed(fault, half)), ("cancelled.json", .cancelled(half)),
    ])
    func `a response is written byte for byte as its transcript, whatever its status`(
        file: String,
        progress: OpenAIResponseObject.Progress
    ) throws {
        let request = try Transcript.request(#""input":"Hi","background":true"#)
        let response = OpenAIResponseObject(
            request,
            for: Transcript.identity,
            as: progress,
            completedSeconds: 1_760_000_002
        )
        let expected = Transcript.golden(file).bytes(replacedBy: response.bytes)
        #expect(String(decoding: response.bytes, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
    }

    @Test
    func `a request's own body is the whole response`() throws {
        let request = try Transcript.request()
        let answer = Transcript.answer { $0.text = [0x61] }
        let response = OpenAIResponseObject(request, for: Transcript.identity, as: .whole(answer))
        #expect(request.body(of: answer, for: Transcript.identity) == response.bytes)
        #expect(response.id == OpenAIResponseIDs(for: Transcript.identity).response)
        #expect(response.status == .completed)
    }

    @Test
    func `the items of the input come as a list, with ids and whole content`() throws {
        let request = try Transcript.request(
            #"""
            "input":[{"role":"user","content":"Tide?"},{"type":"reasoning","id":"rs_1","summary":[]},
            {"type":"function_call","call_id":"c","name":"tide","arguments":"{}"},
            {"type":"function_call_output","call_id":"c","output":"high"},{"role":"assistant","content":"High."},
            {"role":"user","content":[{"type":"input_text","text":"Thanks"}]}]
            """#
        )
        let items = request.inputItems(for: Transcript.identity)
        let actual = try OpenAIResponsesLists.inputItems(items, page: OpenAIResponsesPage(order: .ascending))
        let expected = Transcript.golden("input_items.json").bytes(replacedBy: actual)
        #expect(String(decoding: actual, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
    }

    @Test
    func `what is about a response is written as its transcript`() {
        let deleted = OpenAIResponsesLists.deleted(id: "resp_1")
        #expect(deleted == Transcript.golden("deleted.json").bytes(replacedBy: deleted))
        let tokens = OpenAIResponsesLists.inputTokens(31)
        #expect(tokens == Transcript.golden("input_tokens.json").bytes(replacedBy: tokens))
    }
}
