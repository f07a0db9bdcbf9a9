// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct ProcTextTests {
    private static let netstat = """
        TcpExt: SyncookiesSent ListenDrops TCPRcvCollapsed
        TcpExt: 1 22 333
        IpExt: ListenDrops
        IpExt: 9

        """

    @Test func `a counter is the value below its name`() {
        #expect(ProcText.counter("ListenDrops", of: "TcpExt:", in: Self.netstat) == 22)
        #expect(ProcText.counter("TCPRcvCollapsed", of: "TcpExt:", in: Self.netstat) == 333)
    }

    @Test func `a word of a line is found by the line's name`() {
        let text = "cpu  1 2 3 4 5 6 7 8 9\ncpu0 9 9\n"
        #expect(ProcText.value(7, of: "cpu", in: text) == 8)
        #expect(ProcText.value(1, of: "cpu0", in: text) == 9)
    }

    @Test(arguments: ["", "TcpExt:", "TcpExt: ListenDrops", "TcpExt: A ListenDrops\nTcpExt: 1", "cpu", "cpu x y"])
    func `what is not there is 0`(text: String) {
        #expect(ProcText.counter("ListenDrops", of: "TcpExt:", in: text) == 0)
        #expect(ProcText.value(1, of: "cpu", in: text) == 0)
    }
}
