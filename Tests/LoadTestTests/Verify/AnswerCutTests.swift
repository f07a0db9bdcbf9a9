// SPDX-License-Identifier: Apache-2.0

import Testing
import Upstream

@testable import LoadTest

struct AnswerCutTests {
    @Test func `a reset is told from a close by the words of libcurl`() {
        #expect(
            AnswerCut(.reset("Recv failure: Connection reset by peer"))
                == .reset("Recv failure: Connection reset by peer")
        )
        let closed = "transfer closed with outstanding read data remaining"
        #expect(AnswerCut(.reset(closed)) == .closed(closed))
        #expect(AnswerCut(.reset("")) == .closed(""))
        #expect(AnswerCut(.complete) == .complete)
        #expect(AnswerCut(.connectTimedOut) == .refused("no connection in time"))
    }
}
