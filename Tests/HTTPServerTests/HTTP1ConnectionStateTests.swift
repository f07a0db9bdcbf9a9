// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPServer

struct HTTP1ConnectionStateTests {
    @Test(
        arguments: ConnectionScript.requests + ConnectionScript.pipelines + ConnectionScript.timeouts
            + ConnectionScript.ends
    )
    func `a connection does what each event asks of it`(script: ConnectionScript) {
        let state = script.play()
        if let wantsRead = script.wantsRead { #expect(state.wantsRead == wantsRead) }
        if let closes = script.closesAfterAnswer { #expect(state.closesAfterAnswer == closes) }
    }

    @Test
    func `nothing is waited for during an answer`() {
        #expect(ConnectionScript("", [.init(.get, .dispatch)]).play().deadline == nil)
    }

    @Test
    func `a connection that is closed waits for nothing and wants nothing`() {
        let state = ConnectionScript("", [.init(.inputClosed, .close)]).play()
        #expect(state.deadline == nil)
        #expect(!state.wantsRead)
    }

    @Test
    func `the head is being read from its first byte to its end`() {
        #expect(!ConnectionScript("", []).play().isReadingHead)
        #expect(ConnectionScript("", [.init(.bytes)]).play().isReadingHead)
        #expect(!ConnectionScript("", [.init(.bytes), .init(.head(.init()))]).play().isReadingHead)
    }

    @Test
    func `a head is read for what the connection needs`() {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/chat?é")
        head.headers = ["Host": "a", "Content-Length": "12", "Expect": "100-continue"]
        let expected = HTTP1ConnectionState.Head(
            contentLength: 12,
            expectation: "100-continue",
            targetLength: 8
        )
        #expect(HTTP1ConnectionState.Head(head) == expected)
    }

    @Test(arguments: [["Connection": "close"], ["Upgrade": "h2c", "Connection": "upgrade"]])
    func `a client that closes or would upgrade ends the connection`(fields: [String: String]) {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
        for (name, value) in fields { head.headers.add(name: name, value: value) }
        #expect(!HTTP1ConnectionState.Head(head).keepsAlive)
    }

    @Test(arguments: [(0, false), (1, true), (2, false)])
    func `one Host field it has to be`(count: Int, isRight: Bool) {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
        for _ in 0..<count { head.headers.add(name: "Host", value: "a") }
        #expect(HTTP1ConnectionState.Head(head).hasHost == isRight)
    }
}
