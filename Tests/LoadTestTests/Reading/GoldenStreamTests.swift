// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

/// The streams that our own renderers are held to.
struct GoldenStreamTests {
    private static let folder: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/") + "/WireFormatsTests/Golden/"
    }()

    @Test(
        arguments: [
            ("openai-chat/text.sse", .openAIChat, .complete), ("openai-chat/usage.sse", .openAIChat, .complete),
            ("openai-chat/refusal.sse", .openAIChat, .complete), ("openai-chat/tool-call.sse", .openAIChat, .complete),
            ("openai-chat/tool-calls-parallel.sse", .openAIChat, .complete),
            ("openai-chat/two-choices.sse", .openAIChat, .complete),
            ("openai-chat/logprobs.sse", .openAIChat, .complete), ("openai-chat/reasoning.sse", .openAIChat, .complete),
            ("openai-chat/function-call.sse", .openAIChat, .complete),
            ("openai-chat/error-midstream.sse", .openAIChat, .errorEvent),
            ("openai-chat/completions.sse", .openAICompletions, .complete),
            ("openai-chat/completions-echo.sse", .openAICompletions, .complete),
            ("openai-chat/completions-error.sse", .openAICompletions, .errorEvent),
            ("openai-responses/text.sse", .openAIResponses, .complete),
            ("openai-responses/refusal.sse", .openAIResponses, .complete),
            ("openai-responses/reasoning_text.sse", .openAIResponses, .complete),
            ("openai-responses/tools_parallel.sse", .openAIResponses, .complete),
            ("openai-responses/incomplete.sse", .openAIResponses, .complete),
            ("openai-responses/failed.sse", .openAIResponses, .errorEvent),
            ("openai-responses/rate_limited.sse", .openAIResponses, .errorEvent),
            ("anthropic/text.sse", .anthropicMessages, .complete),
            ("anthropic/thinking_text.sse", .anthropicMessages, .complete),
            ("anthropic/tool_use.sse", .anthropicMessages, .complete),
            ("anthropic/tool_use_noargs.sse", .anthropicMessages, .complete),
            ("anthropic/heartbeat.sse", .anthropicMessages, .complete),
            ("anthropic/error_midstream_overloaded.sse", .anthropicMessages, .errorEvent),
            ("gemini/text.sse", .gemini, .complete), ("gemini/thought.sse", .gemini, .complete),
            ("gemini/candidates.sse", .gemini, .complete), ("gemini/calls.sse", .gemini, .complete),
            ("gemini/failure.sse", .gemini, .errorEvent), ("gemini/broken_call.sse", .gemini, .errorEvent),
            ("ollama/chat-text.ndjson", .ollama, .complete), ("ollama/chat-thinking.ndjson", .ollama, .complete),
            ("ollama/chat-tools.ndjson", .ollama, .complete), ("ollama/generate-text.ndjson", .ollama, .complete),
            ("ollama/chat-error.ndjson", .ollama, .errorEvent),
            ("ui-message-stream/whole.sse", .uiMessageStream, .complete),
            ("ui-message-stream/tools.sse", .uiMessageStream, .complete),
            ("ui-message-stream/error.sse", .uiMessageStream, .errorEvent),
            ("ui-message-stream/empty.sse", .uiMessageStream, .empty),
        ] as [(String, StreamFormat, StreamEnd)]
    )
    func `each ends as it should, and tells its format`(file: String, format: StreamFormat, end: StreamEnd) {
        let text = String(decoding: GoldenFile.content(of: Self.folder + file), as: UTF8.self)
        let bytes = PlayedResponse.chunked([text], type: SampleStream.type(format))
        let reader = TargetReader(target: PlayedResponse.target(nil))
        let first = PlayedResponse.play(bytes, to: reader)
        #expect(first.end == end)
        #expect(reader.format == format)
        for _ in 1...3 { #expect(PlayedResponse.play(bytes, to: reader) == first) }
        #expect(reader.counts.disagreements == 0)
    }
}
