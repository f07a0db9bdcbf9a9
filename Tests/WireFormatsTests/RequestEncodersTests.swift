// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

struct RequestEncodersTests {
    @Test(arguments: WireFormat.allCases)
    func `formats that upstreams speak are written, others are not`(format: WireFormat) throws {
        let spoken: Set<WireFormat> = [.openAIChat, .openAIResponses, .anthropicMessages, .gemini, .ollamaChat]
        let request = RequestEncoders.encode(try .rich(.plainStream), for: format, model: "m")
        #expect((request != nil) == spoken.contains(format))
    }
}
