// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct VerdictLevelTests {
    @Test func `a level's name in reports is one word`() {
        #expect(Verdict.Level.clientBound.rawValue == "client_bound")
    }
}
