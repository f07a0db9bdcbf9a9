// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

struct StreamErrorTests {
    private static let frames: [(WireFormat, String)] = [
        (.openAIChat, "data: {\"error\":{\"message\":\"m\"}}\n\n"),
        (.openAIResponses, "event: error\ndata: {\"type\":\"error\",\"error\":{}}\n\n"),
        (.openAIResponses, "event: response.failed\r\ndata: {\"type\":\"response.failed\"}\r\n\r\n"),
        (.anthropicMessages, "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n"),
        (.gemini, "{\"error\":{\"code\":503,\"status\":\"UNAVAILABLE\"}}"),
        (.ollamaChat, "{\"error\":\"m\"}\n"),
    ]

    @Test(arguments: frames)
    func `an error in the format's own words is known`(format: WireFormat, frame: String) {
        #expect(StreamError.isOwn(Array(frame.utf8), of: format))
    }

    @Test(arguments: [WireFormat.openAIResponses, .anthropicMessages, .gemini, .ollamaChat])
    func `OpenAI's words are foreign to the others`(format: WireFormat) {
        #expect(!StreamError.isOwn(Array("data: {\"error\":{\"message\":\"m\",\"code\":503}}\n\n".utf8), of: format))
    }

    @Test(arguments: WireFormat.allCases)
    func `what is no error, or nothing at all, is none`(format: WireFormat) {
        for text in ["", "data: {}\n\n", "data: [DONE]\n\n", "{}", "data: {\"error", ": c\n\n"] {
            #expect(!StreamError.isOwn(Array(text.utf8), of: format))
        }
    }
}
