// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct ReceiveWindowTests {
    @Test func `a window is opened again by what came, before a server has to wait`() {
        var window = ReceiveWindow(size: 1000)
        #expect(window.take(0) == nil)
        #expect(window.take(499) == nil)
        #expect(window.take(1) == 500)
        #expect(window.take(499) == nil)
        #expect(window.take(400) == 899)
    }

    @Test func `what is given back is never more than what came`() {
        var window = ReceiveWindow(size: ReceiveWindow.stream)
        var came = 0
        var given = 0
        for count in 0..<3000 {
            came += count
            given += window.take(count) ?? 0
            #expect(came - ReceiveWindow.stream < given && given <= came)
        }
    }
}
