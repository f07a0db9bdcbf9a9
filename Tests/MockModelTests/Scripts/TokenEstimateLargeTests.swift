// SPDX-License-Identifier: Apache-2.0

import MockModel
import Testing

struct TokenEstimateLargeTests {
    @Test
    func `of a very long text the beginning is counted, and the estimate holds within a percent`() {
        let text = Array(String(repeating: "a few plain words. ", count: 20_000).utf8)
        let estimate = TokenEstimate.output(text)
        let exact = TokenEstimate.tokenEnds(text).count
        #expect(abs(estimate - exact) * 100 < exact)
    }
}
