// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import NIOCore
internal import NIOHTTP2
internal import NIOPosix
internal import TLS
internal import Typewriter

extension ChannelLoop {
    /// What a read of a socket has room for. The answers of many streams come in one; those of one stream are small, and the
    /// room for them is each connection's own.
    private static let wideRead = FixedSizeRecvByteBufferAllocator(capacity: 64 << 10)
    private static let narrowRead = AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 4096, maximum: 64 << 10)
    /// Of ALPN (RFC 9113, section 3.2).
    private static let alpn = "h2"

    /// Begins a connection; it is in the pool from now on.
    @discardableResult
    func connect(_ target: Int) -> ChannelConnection {
        let connection = ChannelConnection(id: nextConnection, target: target, began: KernelClock.now())
        nextConnection += 1
        connections[connection.id] = connection
        pools[target].add(connection.id, limit: streamLimits[target])
        let parts = NIOLoopBound((engine: self, connection: connection), eventLoop: eventLoop)
        let read: any RecvByteBufferAllocator =
            plan.streamsPerConnection(to: target) > 1 ? Self.wideRead : Self.narrowRead
        ClientBootstrap(group: eventLoop)
            .connectTimeout(.nanoseconds(LoadLoop.connectTimeOut))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: read)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try parts.value.engine.setUp(channel, parts.value.connection)
                }
            }
            .connect(to: addresses[target])
            .assumeIsolated()
            .whenFailure { self.failed(connection, $0) }
        return connection
    }

    private func setUp(_ channel: any Channel, _ connection: ChannelConnection) throws {
        connection.channel = channel
        // A decent close would leave the connection's port in TIME_WAIT for a minute.
        _ = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ArrivalStamp(self, connection))
        if let context = contexts[connection.target] {
            let session = try TLSSession(context, host: plan.targets[connection.target].host)
            var limits = TLSLimits()
            // Longer than what the loop itself gives a connection, so that one of them names what takes too long.
            limits.handshakeTime = .nanoseconds(2 * LoadLoop.connectTimeOut)
            let tls = TLSHandler(session: session, limits: limits, gate: nil)
            connection.tls = tls
            try pipeline.addHandler(tls)
        }
        try pipeline.addHandler(ConnectionEnd(self, connection))
    }

    // MARK: Opening

    /// TCP stands.
    func connected(_ connection: ChannelConnection) {
        if contexts[connection.target] == nil { agree(connection) }
    }

    /// TLS stands.
    func secured(_ connection: ChannelConnection, agreed: String?) {
        connection.isSecured = true
        if plan.targets[connection.target].usesHTTP2, agreed != Self.alpn {
            connection.problem = "the TLS handshake chose \(agreed ?? "no protocol")"
            connection.refusal = .noHTTP2
            return lost(connection)
        }
        agree(connection)
    }

    /// HTTP/1 may be spoken at once; HTTP/2 is agreed on when the server's settings have come.
    private func agree(_ connection: ChannelConnection) {
        guard connection.phase == .opening, let channel = connection.channel else { return }
        guard plan.targets[connection.target].usesHTTP2 else { return opened(connection, streams: 1) }
        let pipeline = channel.pipeline.syncOperations
        let wire = HTTP2Wire(self, connection)
        connection.wire = wire
        do {
            let last = try pipeline.handler(type: ConnectionEnd.self)
            try pipeline.addHandlers([Self.http2(), wire], position: .before(last))
        } catch {
            failed(connection, error)
        }
    }

    /// A server that resets many streams is measured, not shut out.
    private static func http2() -> NIOHTTP2Handler {
        var ofConnection = NIOHTTP2Handler.ConnectionConfiguration()
        ofConnection.initialSettings = HTTP2Wire.settings
        ofConnection.controlFrameRateLimit.maximumCount = 100_000
        ofConnection.maximumConnectionGlitches = .max
        var ofStream = NIOHTTP2Handler.StreamConfiguration()
        ofStream.streamResetFrameRateLimit.maximumCount = .max
        ofStream.streamErrorRateLimit.maximumCount = .max
        return NIOHTTP2Handler(mode: .client, connectionConfiguration: ofConnection, streamConfiguration: ofStream)
    }

    /// Requests may be sent; of HTTP/2, the server has told its limit, at first or again. One that allows none at first may
    /// do so soon (RFC 9113, section 6.5.2): those that wait for the connection wait on.
    func opened(_ connection: ChannelConnection, streams: Int) {
        let target = connection.target
        let limit = min(plan.streamsPerConnection(to: target), streams)
        connection.allowsNoStream = limit <= 0
        if connection.phase == .opening, limit <= 0 { return }
        var excess = pools[target].setLimit(connection.isLeaving ? 0 : limit, of: connection.id)
        guard connection.phase == .opening else { return }
        streamLimits[target] = limit
        now = KernelClock.now()
        connection.phase = .open
        connection.connected = now
        if wires[target] == nil { wires[target] = wire(of: connection) }
        settle(connection)
        let waiting = connection.waiting
        connection.waiting = []
        for stream in waiting.dropFirst(max(0, waiting.count - excess)) {
            excess -= 1
            sendElsewhere(stream)
        }
        for stream in waiting where stream.connection === connection {
            // The write before may have told that the connection is no more, of those that were sent.
            if connection.phase == .open { send(stream, on: connection) } else { lose(stream, connection.systemError) }
        }
    }

    private func wire(of connection: ChannelConnection) -> String? {
        let target = plan.targets[connection.target]
        guard target.isSecure || target.usesHTTP2 else { return nil }
        let http = target.usesHTTP2 ? target.isSecure ? "h2" : "h2c" : "HTTP/1.1"
        return connection.tls.map { "TLS \($0.version?.rawValue ?? ""), \(http)" } ?? http
    }

    // MARK: Ends

    /// What went wrong is known before the connection's end is.
    func failed(_ connection: ChannelConnection, _ error: any Error) {
        guard connection.phase != .closed else { return }
        if let error = error as? IOError {
            connection.systemError = SystemError(code: error.errnoCode)
        } else if case .connectTimeout = error as? ChannelError {
            connection.systemError = SystemError(code: ETIMEDOUT)
        } else if connection.problem == nil {
            // As text such an error is of those who wrote its library.
            let isRule = error is any NIOHTTP2Error
            connection.problem = isRule ? "what it says is no HTTP/2 (\(type(of: error)))" : "\(error)"
        }
        lost(connection)
    }

    /// The connection is no more, or good for nothing.
    func lost(_ connection: ChannelConnection) {
        guard connection.phase != .closed else { return }
        now = KernelClock.now()
        let wasOpen = connection.phase == .open
        if !wasOpen { connection.refusal = connection.refusal ?? reason(connection) }
        let running = Array(connection.wire?.streams.values ?? [:].values) + [connection.current].compactMap { $0 }
        drop(connection)
        settle(connection)
        for stream in connection.waiting { end(stream, as: connection.refusal ?? .refused, at: now) }
        for stream in running.sorted(by: { $0.place < $1.place }) { lose(stream, connection.systemError) }
    }

    /// Why it could not be opened.
    private func reason(_ connection: ChannelConnection) -> StreamEnd {
        let target = plan.targets[connection.target]
        guard connection.isConnected else {
            if let error = connection.systemError { return StreamEnd(error, isConnected: false) }
            // Before the first byte there is nothing but our own settings that can be wrong.
            return target.isSecure && connection.problem != nil ? .handshake : .refused
        }
        if target.isSecure, !connection.isSecured {
            // An alert of TLS, but not for TLS's sake (RFC 7301, section 3.2).
            let isALPN = connection.problem?.contains("no application protocol") ?? false
            return isALPN && target.usesHTTP2 ? .noHTTP2 : .handshake
        }
        guard target.usesHTTP2 else { return .reset }
        return connection.allowsNoStream ? .noStreams : .noHTTP2
    }

    private func lose(_ stream: ChannelStream, _ error: SystemError?) {
        if stream.mayBeStale, stream.state.firstByte == 0 { return sendElsewhere(stream) }
        if let error {
            end(stream, as: StreamEnd(error, isConnected: true), at: now)
        } else {
            closed(stream, isCut: stream.connection?.isCut ?? false)
        }
    }

    /// The server takes no more requests on it; those that run may end.
    func leave(_ connection: ChannelConnection) {
        connection.isLeaving = true
        _ = pools[connection.target].setLimit(0, of: connection.id)
        if connection.phase == .open, connection.wire?.streams.isEmpty ?? true { drop(connection) }
    }

    /// Closes a connection of which nobody is to be told.
    func drop(_ connection: ChannelConnection) {
        guard connection.phase != .closed else { return }
        connection.phase = .closed
        pools[connection.target].remove(connection.id)
        connections[connection.id] = nil
        connection.channel?.close(promise: nil)
    }

    func closeAll() {
        for connection in connections.values { drop(connection) }
    }
}
