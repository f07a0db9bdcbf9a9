// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct FigureTests {
    @Test(arguments: [
        (0.0, "0"), (0.0476, "0.048"), (0.9996, "1.00"), (4.214, "4.21"), (9.996, "10.0"), (24.14, "24.1"),
        (99.96, "100"), (1203, "1,203"), (1_234_567, "1,234,567"), (-3.14159, "-3.14"), (-0.0001, "0.000"),
    ])
    func `a figure has the digits that its size asks for`(value: Double, text: String) {
        #expect(Figure.short(value) == text)
    }

    @Test(arguments: [
        (0.0, "0 %"), (0.0042, "0.42 %"), (0.018, "1.8 %"), (0.5, "50 %"), (1, "100 %"), (0.00001, "below 0.01 %"),
        (0.99999, "100.00 %"), (0.9995, "99.95 %"),
    ])
    func `a share is told in per cent`(share: Double, text: String) {
        #expect(Figure.share(share) == text)
    }

    @Test func `a change has a sign`() {
        #expect(Figure.change(from: 100, to: 112) == "+12 %")
        #expect(Figure.change(from: 100, to: 99.6) == "-0.4 %")
        #expect(Figure.change(from: 0, to: 0) == "0 %")
        #expect(Figure.change(from: 0, to: 3) == Figure.none)
    }

    @Test func `what is no number is no figure`() {
        #expect(Figure.short(.nan) == Figure.none)
        #expect(Figure.short(.infinity) == "inf")
        #expect(Figure.short(1e300) == "1e+300")
    }
}
