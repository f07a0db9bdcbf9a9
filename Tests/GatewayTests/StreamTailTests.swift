// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing

@testable import Gateway

/// What is added behind the frames of an upstream.
struct StreamTailTests {
    private func tail(_ text: String) -> StreamTail {
        var tail = StreamTail()
        tail.take(Array(text.utf8))
        return tail
    }

    @Test(arguments: ["data: {}\n\n", "data: {}\r\n\r\n", "data: {}\r\n\r"])
    func `a terminator is added that has not come`(text: String) {
        #expect(tail(text).missingEnd(of: .openAIChat) == Array("data: [DONE]\n\n".utf8))
        #expect(!tail(text).missingEnd(of: .anthropicMessages).isEmpty)
        #expect(tail(text).missingEnd(of: .gemini).isEmpty)
    }

    @Test(arguments: ["data: [DONE]\n\n", "data: [DONE]\r\n\r\n", "data: [DONE]\r\n\r"])
    func `none is added that has come`(text: String) {
        #expect(tail(text).missingEnd(of: .openAIChat).isEmpty)
    }

    @Test func `our frame stands behind a whole line end, though the upstream has sent but half of it`() {
        let frame = Array("data: x\n\n".utf8)
        #expect(tail("data: {}\r\n\r").joining(frame) == [0x0A] + frame)
        #expect(tail("data: {}\r\n\r\n").joining(frame) == frame)
        #expect(tail("data: {}\n\n").joining(frame) == frame)
        #expect(tail("data: {}\r\n\r").joining([]).isEmpty)
        #expect(StreamTail().joining(frame) == frame)
    }
}
