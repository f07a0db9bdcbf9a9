// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import TLS

struct TLSDataTests {
    @Test func `small writes of one flush become one record`() throws {
        let wire = try Wire.connected()
        var done = 0
        for index in 0..<15 {
            wire.server.write("event \(index);", flush: false).assumeIsolated().whenSuccess { done += 1 }
        }
        #expect(try wire.server.sent().readableBytes == 0)
        wire.server.channel.pipeline.flush()
        #expect(done == 15)
        let sent = try wire.server.sent()
        #expect(Records.lengths(sent).count == 1)
        #expect(wire.server.socket.flushes > 0)
        wire.client.receive(sent)
        #expect(wire.client.text == (0..<15).map { "event \($0);" }.joined())
    }

    @Test(arguments: TLSVersion.allCases)
    func `a large write arrives whole`(_ version: TLSVersion) throws {
        let wire = try Wire.connected(client: .test(newest: version))
        let text = String((0..<(1 << 20)).map { Character(UnicodeScalar(UInt8(97 + $0 % 26))) })
        var isDone = false
        wire.server.write(text).assumeIsolated().whenSuccess { isDone = true }
        #expect(isDone)
        try wire.carry(piece: 10_000)
        #expect(wire.client.text == text)
        #expect(wire.server.handler.pendingBytes == 0)
    }

    @Test func `an empty write keeps its place`() throws {
        let wire = try Wire.connected()
        var order: [String] = []
        wire.server.socket.stick()
        for text in ["a", "", "b", ""] {
            wire.server.write(text).assumeIsolated().whenSuccess { order.append(text) }
        }
        #expect(order.isEmpty)
        wire.server.socket.loosen()
        #expect(order == ["a", "", "b", ""])
    }

    @Test func `an error that another left on the thread is not taken for our own`() throws {
        let wire = try Wire()
        try wire.connect()
        leaveError()
        try wire.carry(piece: 64)
        leaveError()
        wire.client.write("ping")
        leaveError()
        try wire.carry(piece: 7)
        leaveError()
        wire.client.close()
        leaveError()
        try wire.carry()
        #expect(wire.server.heard == [.active, .handshake("h2"), .data("ping"), .readComplete, .inputClosed])
    }

    private func leaveError() {
        #expect(BIO_new_file("/nowhere/at/all", "r") == nil)
    }

    @Test func `keys may be changed on the way`() throws {
        let wire = try Wire.connected()
        SSL_key_update(wire.client.handler.session.pointer, SSL_KEY_UPDATE_REQUESTED)
        wire.client.write("new key")
        try wire.carry()
        wire.server.write("mine too")
        try wire.carry()
        wire.client.write("still")
        try wire.carry()
        #expect(wire.server.text == "new keystill")
        #expect(wire.client.text == "mine too")
    }

    @Test func `who asks for new keys without end is sent away`() throws {
        let wire = try Wire.connected()
        let client = wire.client.handler.session
        for _ in 0..<100 {
            SSL_key_update(client.pointer, SSL_KEY_UPDATE_REQUESTED)
            var nothing = ByteBuffer()
            _ = client.shakeHands(&nothing)
            wire.server.receive(ByteBuffer(bytes: client.output))
        }
        let problem = "the peer asks for new keys again and again, and does not read the answers"
        #expect(wire.server.heard == [.error(problem), .inactive])
    }

    @Test func `what is sealed is behind what was written, flushed or not`() throws {
        let wire = try Wire.connected()
        wire.server.write("written;", flush: false)
        let sealed = try #require(seal("sealed;", by: wire.server))
        #expect(wire.server.handler.pendingBytes > 0)
        wire.server.handler.writeSealed(sealed, promise: nil)
        wire.server.write("later")
        try wire.carry()
        #expect(wire.client.text == "written;sealed;later")
        #expect(wire.server.handler.pendingBytes == 0)
    }

    @Test func `pending bytes are all that the socket has not taken`() throws {
        let wire = try Wire.connected()
        wire.server.socket.stick()
        wire.server.write("one")
        let first = wire.server.handler.pendingBytes
        #expect(first > 3)
        let sealed = try #require(seal("two", by: wire.server))
        wire.server.handler.writeSealed(sealed, promise: nil)
        #expect(wire.server.handler.pendingBytes == first + sealed.readableBytes)
        wire.server.socket.loosen()
        #expect(wire.server.handler.pendingBytes == 0)
        try wire.carry()
        #expect(wire.client.text == "onetwo")
    }

    @Test func `nothing is sealed before the handshake or after the end`() throws {
        let wire = try Wire()
        #expect(seal("a", by: wire.server) == nil)
        try wire.connect()
        #expect(seal("a", by: wire.server) == nil)
        try wire.carry()
        #expect(seal("a", by: wire.server) != nil)
        wire.server.close()
        #expect(seal("a", by: wire.server) == nil)
        var isFailed = false
        wire.server.write("a").assumeIsolated().whenFailure { _ in isFailed = true }
        #expect(isFailed)
    }

    @Test func `who hears of data may write, seal and close at once`() throws {
        let wire = try Wire.connected()
        wire.server.listener.reaction = { event, context in
            guard case .data(let text) = event else { return }
            context.writeAndFlush(NIOAny(ByteBuffer(string: "echo \(text);")), promise: nil)
            if let sealed = seal("sealed", by: wire.server) { wire.server.handler.writeSealed(sealed, promise: nil) }
            context.close(promise: nil)
        }
        wire.client.write("one")
        try wire.carry()
        #expect(wire.client.text == "echo one;sealed")
        #expect(wire.client.heard.contains(.inputClosed))
        #expect(wire.server.heard.last == .inactive)
    }

    @Test func `noise is survived, before and in a session`() throws {
        for seed in 0..<150 as Range<UInt64> {
            var dice = Dice(seed: seed)
            let wire = try seed % 2 == 0 ? Wire() : Wire.connected()
            if seed % 2 == 0 { try wire.connect() }
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                wire.client.write("data")
                var bytes = Array(try wire.client.sent().readableBytesView)
                for _ in 0..<Int.random(in: 0...3, using: &dice) where !bytes.isEmpty {
                    bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
                }
                if Bool.random(using: &dice) {
                    bytes += (0..<40).map { _ in UInt8.random(in: 0...255, using: &dice) }
                }
                wire.server.receive(ByteBuffer(bytes: bytes))
            }
            wire.loop.advanceTime(by: .seconds(20))
            let errors = wire.server.heard.filter { if case .error = $0 { true } else { false } }
            #expect(errors.count <= 1, "seed \(seed)")
        }
    }

    private func seal(_ text: String, by peer: Peer) -> ByteBuffer? {
        Array(text.utf8).withUnsafeBytes { peer.handler.seal($0).map { ByteBuffer(bytes: $0) } }
    }
}
