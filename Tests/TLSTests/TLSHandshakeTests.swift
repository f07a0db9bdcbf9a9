// SPDX-License-Identifier: Apache-2.0

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
        #expect(wire.server.handler.pendingBytes == 0)
        wire.client.close()
        try wire.carry()
        #expect(wire.client.socket.isClosed)
        #expect(wire.server.heard.last == .inputClosed)
    }
}
