// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPServer

struct PrefaceDetectorTests {
    private func connection() throws -> (EmbeddedChannel, HeldResponder, ServerLoop) {
        let channel = EmbeddedChannel()
        var limits = HTTPLimits()
        limits.http2.takesPriorKnowledge = true
        let loop = ServerLoop(limits: limits, eventLoop: channel.eventLoop)
        let responder = HeldResponder()
        loop.responder = responder
        try ConnectionSetup(channel: channel, loop: loop, facts: ConnectionFacts()).begin(nil)
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        return (channel, responder, loop)
    }

    /// The preface, an empty SETTINGS, and GET / in HPACK by hand.
    private static let http2 =
        Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
        + [0, 0, 9, 1, 5, 0, 0, 0, 1, 0x82, 0x86, 0x84, 0x41, 4] + Array("here".utf8)
    private static let http1 = Array("PRIVATE / HTTP/1.1\r\nHost: here\r\n\r\n".utf8)
    private static let post = Array("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\n\r\nx".utf8)

    @Test(arguments: [http2, http1, post], [1, 2, 7, 23, 24, 25, 1_000])
    func `a connection is what its first bytes say, however they come`(bytes: [UInt8], step: Int) throws {
        let (channel, responder, _) = try connection()
        for start in stride(from: 0, to: bytes.count, by: step) {
            try channel.writeInbound(ByteBuffer(bytes: bytes[start..<min(start + step, bytes.count)]))
            channel.embeddedEventLoop.run()
        }
        let isPrivate = bytes == Self.http1
        #expect(responder.requests.map(\.host) == (isPrivate ? [] : ["here"]))
        // HTTP/1's parser does not know the method, and the answer says so.
        if isPrivate { #expect(try channel.readOutbound(as: ByteBuffer.self) != nil) }
        #expect(channel.isActive != isPrivate)
    }

    @Test func `a client that says nothing is not waited for`() throws {
        let (channel, _, _) = try connection()
        try channel.writeInbound(ByteBuffer(bytes: Self.http2[..<10]))
        channel.embeddedEventLoop.advanceTime(by: HTTPLimits().headTime)
        #expect(!channel.isActive)
    }

    @Test func `a drain closes a connection that has not said what it speaks`() throws {
        let (channel, _, loop) = try connection()
        loop.drain()
        #expect(!channel.isActive)
    }
}
