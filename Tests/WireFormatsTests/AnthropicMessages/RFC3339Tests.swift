// SPDX-License-Identifier: Apache-2.0

import Testing
import WireFormats

struct RFC3339Tests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (1_755_780_060, "2025-08-21T12:41:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"), (951_868_800, "2000-03-01T00:00:00Z"),
        (1_709_164_800, "2024-02-29T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
        (4_107_542_399, "2100-02-28T23:59:59Z"), (-1, "1969-12-31T23:59:59Z"), (978_307_199, "2000-12-31T23:59:59Z"),
        (-2_203_891_200, "1900-03-01T00:00:00Z"), (-2_203_891_201, "1900-02-28T23:59:59Z"),
    ])
    func `a second has its date and time in UTC`(seconds: Int64, text: String) {
        #expect(RFC3339.text(unixNanoseconds: seconds * 1_000_000_000, fractionDigits: 0) == text)
    }

    @Test(arguments: [
        (0, "2025-08-21T12:41:07Z"), (1, "2025-08-21T12:41:07.0Z"), (3, "2025-08-21T12:41:07.012Z"),
        (6, "2025-08-21T12:41:07.012345Z"), (9, "2025-08-21T12:41:07.012345678Z"),
        (12, "2025-08-21T12:41:07.012345678Z"), (-1, "2025-08-21T12:41:07Z"),
    ])
    func `the fraction is cut to its digits`(digits: Int, text: String) {
        #expect(RFC3339.text(unixNanoseconds: 1_755_780_067_012_345_678, fractionDigits: digits) == text)
    }

    @Test
    func `any point in time has a text, and days follow one another`() {
        #expect(RFC3339.text(unixNanoseconds: .max, fractionDigits: 9) == "2262-04-11T23:47:16.854775807Z")
        #expect(RFC3339.text(unixNanoseconds: .min, fractionDigits: 9) == "1677-09-21T00:12:43.145224192Z")
        var last = ""
        for day in Int64(-100_000)...100_000 where day % 7 == 0 || (10_000...13_000).contains(day) {
            let text = RFC3339.text(unixNanoseconds: day * 86_400_000_000_000, fractionDigits: 0)
            #expect(text > last && text.hasSuffix("T00:00:00Z"))
            last = text
        }
    }
}
