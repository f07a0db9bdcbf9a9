// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import WireFormats

@testable import LoadTest

/// Streams of each format, as our own renderers write them, one string a frame.
enum SampleStream {
    static let words = [
        "Once", " upon", " a \"time\"", "\n", "\\n", " é", "👩‍🚀", " {", "}", "]", " \\u0041", " done", "\t", "text",
    ]

    static func frames(_ format: StreamFormat, words: [String] = words, seed: UInt64 = 1) throws -> [String] {
        guard var renderer = try renderer(format, seed: seed) else { return plain(words) }
        var buffer = FrameBuffer(recordsFrames: true)
        renderer.begin(into: &buffer)
        for (index, word) in words.enumerated() {
            // The old completions do not think.
            let piece = index < 2 && format != .openAICompletions ? AnswerPiece.reasoning : .text
            renderer.append(Array(word.utf8).span, as: piece, choice: 0, into: &buffer)
        }
        renderer.end(.stop, choice: 0, into: &buffer)
        renderer.finish(Usage(inputTokens: 3, outputTokens: words.count), into: &buffer)
        return split(buffer)
    }

    static func split(_ buffer: FrameBuffer) -> [String] {
        var start = 0
        return buffer.frames.map { frame in
            defer { start = frame.end }
            return String(decoding: buffer.bytes[start..<frame.end], as: UTF8.self)
        }
    }

    static func renderer(_ format: StreamFormat, seed: UInt64) throws -> (any AnswerRenderer)? {
        let identity = AnswerIdentity(
            model: "m",
            seed: seed,
            created: 1_790_000_000_000_000_000 + Int64(seed) * 1_000_000_000,
            inputTokens: 3
        )
        let messages = #""messages":[{"role":"user","content":"x"}]"#
        let request: any WireRequest
        switch format {
        case .eventSource: return nil
        case .openAIChat:
            let options = #""stream":true,"stream_options":{"include_usage":true}"#
            request = try OpenAIChatRequest(body: Array(#"{"model":"m",\#(messages),\#(options)}"#.utf8))
        case .openAICompletions:
            request = try OpenAICompletionsRequest(body: Array(#"{"model":"m","prompt":"x","stream":true}"#.utf8))
        case .openAIResponses:
            request = try OpenAIResponsesRequest(body: Array(#"{"model":"m","input":"x","stream":true}"#.utf8))
        case .anthropicMessages:
            let body = #"{"model":"m","max_tokens":100,\#(messages),"stream":true}"#
            request = try AnthropicMessagesRequest(body: Array(body.utf8), version: "2023-06-01")
        case .gemini:
            let body = #"{"contents":[{"parts":[{"text":"x"}]}]}"#
            request = try GeminiRequest(body: Array(body.utf8), model: "m", isStreamed: true, isEventStream: true)
        case .ollama: request = try OllamaChatRequest(body: Array(#"{"model":"m",\#(messages)}"#.utf8))
        case .uiMessageStream:
            let body = #"{"id":"c","messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"x"}]}]}"#
            request = try UIMessageStreamRequest(body: Array(body.utf8))
        }
        return request.renderer(for: identity)
    }

    /// A stream of typebar's own.
    static func plain(_ words: [String], isJSON: Bool = false, id: StreamID = .random()) -> [String] {
        let frames = PlainStreamFrames(id: id, format: isJSON ? .json : .text)
        let start = PlainStreamStart(model: "mock", unit: "word", rate: 50, seed: 7, created: 1)
        var out: [String] = []
        func add(_ append: (inout [UInt8]) -> Void) {
            var bytes: [UInt8] = []
            append(&bytes)
            out.append(String(decoding: bytes, as: UTF8.self))
        }
        add { frames.appendStart(start, offset: 0, resumed: false, to: &$0) }
        var offset = 0
        var last: UInt8 = 0
        for word in words {
            offset += word.utf8.count
            let isAfterReturn = last == 0x0D
            add { frames.appendUnit(Array(word.utf8).span, end: offset, afterCarriageReturn: isAfterReturn, to: &$0) }
            last = word.utf8.last ?? 0
        }
        add { frames.appendDone(to: &$0) }
        return out
    }

    static func type(_ format: StreamFormat) -> String {
        format == .ollama ? "application/x-ndjson" : "text/event-stream; charset=utf-8"
    }
}
