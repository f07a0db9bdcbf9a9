// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import NIOCore
import NIOEmbedded
import Testing

@testable import TLS

struct TLSHandshakeTests {
    @Test func `both hear of the handshake and its protocol, and then of data`() throws {
        let wire = try Wire()
        try wire.connect()
        try wire.carry()
        #expect(wire.server.heard == [.active, .handshake("h2")])
        #expect(wire.client.heard == [.active, .handshake("h2")])
        wire.client.write("ping")
        try wire.carry()
        wire.server.write("pong")
        try wire.carry()
        #expect(wire.server.heard.suffix(2) == [.data("ping"), .readComplete])
        #expect(wire.client.heard.suffix(2) == [.data("pong"), .readComplete])
    }

    @Test(arguments: TLSVersion.allCases)
    func `a handshake may come byte by byte`(_ version: TLSVersion) throws {
        let wire = try Wire(client: .test(newest: version))
        try wire.connect()
        try wire.carry(piece: 1)
        wire.client.write("ping")
        try wire.carry(piece: 1)
        #expect(wire.server.heard == [.active, .handshake("h2"), .data("ping"), .readComplete])
        #expect(wire.server.handler.session.version == version)
    }

    @Test func `data that comes with the handshake's end is told after it`() throws {
        let wire = try Wire()
        wire.client.listener.reaction = { event, context in
            guard case .handshake = event else { return }
            context.writeAndFlush(NIOAny(ByteBuffer(string: "early")), promise: nil)
        }
        try wire.connect()
        try wire.carry()
        #expect(wire.server.heard == [.active, .handshake("h2"), .data("early"), .readComplete])
    }

    @Test func `data goes to those who came when the protocol was known`() throws {
        let wire = try Wire()
        let newcomer = Listener()
        wire.server.listener.reaction = { event, context in
            guard case .handshake = event else { return }
            let pipeline = context.pipeline.syncOperations
            try? pipeline.addHandler(newcomer)
            pipeline.removeHandler(wire.server.listener, promise: nil)
        }
        wire.client.write("early")
        try wire.connect()
        try wire.carry()
        #expect(newcomer.heard == [.data("early"), .readComplete])
    }

    @Test func `what is written before the handshake is sent after it`() throws {
        let wire = try Wire()
        var isWritten = false
        wire.client.write("first").assumeIsolated().whenSuccess { isWritten = true }
        try wire.connect()
        #expect(!isWritten)
        try wire.carry()
        #expect(isWritten)
        #expect(wire.server.text == "first")
    }

    @Test(
        arguments: [
            (["http/1.1", "h2"], "h2"), (["http/1.1"], "http/1.1"), (["spdy/3", "http/1.1"], "http/1.1"), ([], nil),
        ] as [([String], String?)]
    )
    func `the server's dearest protocol is spoken`(_ offered: [String], _ spoken: String?) throws {
        let wire = try Wire(client: .test(protocols: offered))
        try wire.connect()
        try wire.carry()
        #expect(wire.server.heard == [.active, .handshake(spoken)])
        #expect(wire.client.heard == [.active, .handshake(spoken)])
    }

    @Test func `without a common protocol both are told, and the socket is closed`() throws {
        let wire = try Wire(client: .test(protocols: ["spdy/3"]))
        try wire.connect()
        try wire.carry()
        #expect(wire.server.heard == [.active, .error("no application protocol")])
        #expect(wire.server.socket.isOutputClosed)
        #expect(wire.client.heard.count == 3)
        #expect(wire.client.heard[1] == .error("tlsv1 alert no application protocol"))
        wire.server.receiveEnd()
        #expect(wire.server.socket.isClosed)
        #expect(wire.server.heard.last == .inactive)
    }

    @Test func `a client says why it does not trust`() throws {
        var settings = TLSClientSettings.test()
        settings.isUnverified = false
        let wire = try Wire(client: settings)
        try wire.connect()
        try wire.carry()
        guard case .error(let words) = wire.client.heard.dropFirst().first else {
            Issue.record("\(wire.client.heard)")
            return
        }
        #expect(words.hasPrefix("the peer's certificate is not trusted: self-signed certificate"), "\(words)")
        #expect(wire.server.heard[1] == .error("tlsv1 alert unknown ca"))
    }

    @Test(
        arguments: [
            ("localhost", nil), ("127.0.0.1", nil), ("elsewhere.test", "hostname mismatch"),
            ("127.0.0.2", "IP address mismatch"),
        ] as [(String, String?)]
    )
    func `a server is who was asked for, by name or by address`(_ host: String, _ reason: String?) throws {
        let authority = try AuthorityFile(of: Wire.store.get())
        var settings = TLSClientSettings.test()
        settings.isUnverified = false
        settings.authorities = authority.path
        let wire = try Wire(client: settings, host: host)
        try wire.connect()
        try wire.carry()
        guard let reason else {
            #expect(wire.client.heard == [.active, .handshake("h2")])
            return
        }
        guard case .error(let words) = wire.client.heard.dropFirst().first else {
            Issue.record("\(wire.client.heard)")
            return
        }
        #expect(words.hasPrefix("the peer's certificate is not trusted: \(reason)"), "\(words)")
    }

    @Test func `a handshake that takes too long is cut`() throws {
        let wire = try Wire()
        try wire.connect()
        wire.loop.advanceTime(by: .milliseconds(9999))
        #expect(wire.server.heard == [.active])
        wire.loop.advanceTime(by: .milliseconds(1))
        #expect(wire.server.heard == [.active, .error("the handshake was not done within 10000 ms"), .inactive])
    }

    @Test func `a handshake that is done has no deadline`() throws {
        let wire = try Wire.connected()
        wire.loop.advanceTime(by: .hours(1))
        #expect(wire.server.heard.isEmpty)
    }

    @Test func `a close in the handshake is sudden, and no promise is forgotten`() throws {
        let wire = try Wire()
        var outcomes: [Bool] = []
        wire.server.write("never").assumeIsolated().whenComplete { outcomes.append((try? $0.get()) != nil) }
        try wire.connect()
        wire.server.close().assumeIsolated().whenComplete { outcomes.append((try? $0.get()) != nil) }
        #expect(outcomes == [false, true])
        #expect(try wire.server.sent().readableBytes == 0)
        #expect(wire.server.heard.last == .inactive)
    }

    @Test func `a peer that leaves in the handshake is told of once`() throws {
        let wire = try Wire()
        try wire.connect()
        wire.server.receiveEnd()
        #expect(wire.server.heard == [.active, .error("the peer left in the handshake"), .inactive])
    }

    @Test func `plain HTTP is answered in plain HTTP`() throws {
        let wire = try Wire()
        try wire.server.connect()
        wire.server.receive(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        let answer = String(buffer: try wire.server.sent())
        let parts = answer.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
        #expect(parts[0].hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(parts[0].contains("Content-Length: \(parts[1].utf8.count)\r\n"))
        #expect(wire.server.socket.isOutputClosed)
        wire.loop.advanceTime(by: .seconds(1))
        #expect(wire.server.socket.isClosed)
    }

    @Test func `a client may not begin a second handshake`() throws {
        let wire = try Wire.connected(client: .test(newest: .v1_2))
        let client = wire.client.handler.session.pointer
        SSL_clear_options(client, ctls_op_no_renegotiation)
        #expect(SSL_renegotiate(client) == 1)
        wire.client.write("again")
        try wire.carry()
        #expect(!wire.server.heard.contains(.handshake("h2")))
        #expect(wire.server.text.isEmpty)
        #expect(wire.client.heard.first == .error("no renegotiation"))
    }

    @Test func `it reads by itself until the handshake is done, and then when asked`() throws {
        let wire = try Wire()
        try wire.connect()
        #expect(wire.server.socket.reads == 1)
        try wire.carry(piece: 100)
        let reads = wire.server.socket.reads
        #expect(reads > 3)
        wire.client.write("a")
        let record = try wire.client.sent()
        wire.server.receive(ByteBuffer(record.readableBytesView.prefix(10)))
        #expect(wire.server.socket.reads == reads)
        wire.server.channel.pipeline.read()
        #expect(wire.server.socket.reads == reads + 1)
        wire.server.receive(ByteBuffer(record.readableBytesView[10..<15]))
        #expect(wire.server.socket.reads == reads + 2, "a part of a record is no answer to a read")
        wire.server.receive(ByteBuffer(record.readableBytesView[15...]))
        #expect(wire.server.socket.reads == reads + 2)
        #expect(wire.server.heard.suffix(2) == [.data("a"), .readComplete])
    }
}
