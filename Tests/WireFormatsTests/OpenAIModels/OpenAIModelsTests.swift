// SPDX-License-Identifier: Apache-2.0

import Testing
import WireFormats

struct OpenAIModelsTests {
    private static let model =
        #"{"id":"team/\"a\"","object":"model","created":1700000000,"owned_by":"typebar"}"#

    @Test
    func `a model is told alone and in the list alike`() {
        #expect(OpenAIModels.model("team/\"a\"") == Array(Self.model.utf8))
        #expect(
            OpenAIModels.list(["team/\"a\"", "team/\"a\""])
                == Array(#"{"object":"list","data":[\#(Self.model),\#(Self.model)]}"#.utf8)
        )
        #expect(OpenAIModels.list([]) == Array(#"{"object":"list","data":[]}"#.utf8))
    }
}
