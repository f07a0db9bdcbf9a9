// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct PageNumbersTests {
    @Test func `coordinates have two decimals at most, and no more than needed`() {
        let texts = [0, 1, 1.5, 1.25, 1.256, -3.004, -0.001, 99.999, 12.05].map(PageNumbers.coordinate)
        #expect(texts == ["0", "1", "1.5", "1.25", "1.26", "-3", "0", "100", "12.05"])
    }

    @Test func `what no picture can hold is 0`() {
        #expect([Double.nan, .infinity, -.infinity, 1e9].map(PageNumbers.coordinate) == ["0", "0", "0", "0"])
    }

    @Test func `ticks have the digits that they need`() {
        #expect([0, 0.05, 0.2, 5, 2_000, 0.001].map(PageNumbers.tick) == ["0", "0.05", "0.2", "5", "2,000", "0.001"])
    }
}
