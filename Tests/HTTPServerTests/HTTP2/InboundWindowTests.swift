// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import HTTPServer

struct InboundWindowTests {
    @Test func `a window is opened again when half of it is used, and not before`() {
        var window = InboundWindow(target: 65_535)
        #expect(window.increment() == nil)
        window.took(32_000)
        #expect(window.increment() == nil)
        window.took(1_000)
        #expect(window.increment() == 33_000)
        #expect(window.increment() == nil)
    }

    @Test func `a window smaller than its target from the start is raised to it`() {
        var window = InboundWindow(target: 1 << 20)
        #expect(window.increment() == (1 << 20) - 65_535)
        window.changed(to: -5)
        #expect(window.increment() == (1 << 20) + 5)
    }
}
