// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import TLS

/// What the connections of one event loop share. Lives on that loop.
final class ServerLoop {
    let limits: HTTPLimits
    let scratch = WriteScratch()
    /// Who may take a step of its handshake now.
    let handshakes: HandshakeGate
    /// Nil before the server is up, and after it has been shut down.
    var responder: (any HTTPResponder)?
    private var connections: [ObjectIdentifier: any ServedConnection] = [:]
    private var clock = HTTPDate()
    private var isDraining = false

    /// What the loop does not do before it has looked at its sockets: what is handed to it by `execute`, or is due at once,
    /// it does before that, however often it is handed more.
    private static let untilNextTurn = TimeAmount.microseconds(20)

    init(limits: HTTPLimits, eventLoop: any EventLoop) {
        self.limits = limits
        self.handshakes = HandshakeGate(
            limit: limits.tls.handshakes,
            atTurnsEnd: { eventLoop.assumeIsolated().execute($0) },
            inNextTurn: { eventLoop.assumeIsolated().scheduleTask(in: Self.untilNextTurn, $0) }
        )
    }

    var date: [UInt8] { clock.now() }

    func opened(_ connection: any ServedConnection) {
        connections[ObjectIdentifier(connection)] = connection
        if isDraining { connection.drain() }
    }

    func closed(_ connection: any ServedConnection) {
        connections[ObjectIdentifier(connection)] = nil
    }

    /// Closes what rests, and lets what runs come to its end.
    func drain() {
        isDraining = true
        for connection in connections.values { connection.drain() }
    }

    /// Cuts what is left.
    func shutDown() {
        for connection in connections.values { connection.abort() }
        responder = nil
    }
}

@available(*, unavailable)
extension ServerLoop: Sendable {}
