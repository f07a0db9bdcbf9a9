// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded

@testable import TLS

/// A client and a server in memory, and the bytes between them.
final class Wire {
    let loop = EmbeddedEventLoop()
    let server: Peer
    let client: Peer

    /// A certificate that the process made for itself.
    static let store = Result { try CertificateStore(serverSettings()) }

    static func serverSettings() -> TLSServerSettings {
        var settings = TLSServerSettings()
        settings.selfSignedNames = ["localhost", "127.0.0.1"]
        return settings
    }

    init(
        store: CertificateStore? = nil,
        client settings: TLSClientSettings? = nil,
        host: String = "localhost",
        limits: TLSLimits = TLSLimits(),
        gate: HandshakeGate? = nil
    ) throws {
        let session = try (store ?? Wire.store.get()).makeSession()
        server = try Peer(session, loop: loop, limits: limits, gate: gate)
        let context = try TLSContext(client: settings ?? .test())
        client = try Peer(try TLSSession(context, host: host), loop: loop, limits: limits)
    }

    /// Both through their handshakes.
    static func connected(client settings: TLSClientSettings? = nil) throws -> Wire {
        let wire = try Wire(client: settings)
        try wire.connect()
        try wire.carry()
        wire.server.listener.forget()
        wire.client.listener.forget()
        return wire
    }

    func connect() throws {
        try server.connect()
        try client.connect()
    }

    /// Carries what each has sent to the other, until both are silent.
    /// - Parameter piece: So many bytes at once.
    func carry(piece: Int = .max) throws {
        while true {
            let toServer = try client.sent()
            let toClient = try server.sent()
            if toServer.readableBytes + toClient.readableBytes == 0 { return }
            Wire.carry(toServer, to: server, piece)
            Wire.carry(toClient, to: client, piece)
        }
    }

    private static func carry(_ bytes: ByteBuffer, to peer: Peer, _ piece: Int) {
        var rest = bytes
        while let part = rest.readSlice(length: min(piece, rest.readableBytes)), part.readableBytes > 0 {
            peer.receive(part)
        }
    }
}
