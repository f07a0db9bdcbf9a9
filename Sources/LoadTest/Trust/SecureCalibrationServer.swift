// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import TLS

/// What ``CalibrationServer`` is, over TLS and HTTP/1.1: for the engine that plays TLS. It plays on a thread of its own.
public final class SecureCalibrationServer: Sendable {
    /// On 127.0.0.1.
    public let port: UInt16
    private let group: MultiThreadedEventLoopGroup
    private let player: NIOLoopBound<CalibrationPlayer>

    /// Listens, with a certificate that nobody has signed. Errors: no descriptor, no port, or no TLS.
    public init() throws(LoadFailure) {
        _ = DescriptorBudget.raise()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let eventLoop = group.next()
            let player = try eventLoop.submit {
                NIOLoopBound(CalibrationPlayer(eventLoop), eventLoop: eventLoop)
            }.wait()
            let listener = try Self.listen(group, player)
            guard let port = listener.localAddress?.port else { throw ChannelError.unknownLocalAddress }
            (self.group, self.player, self.port) = (group, player, UInt16(port))
        } catch {
            try? group.syncShutdownGracefully()
            throw LoadFailure(description: "the calibration's server cannot listen: \(error)")
        }
    }

    private static func listen(
        _ group: MultiThreadedEventLoopGroup,
        _ player: NIOLoopBound<CalibrationPlayer>
    ) throws -> any Channel {
        var settings = TLSServerSettings()
        settings.selfSignedNames = ["127.0.0.1"]
        settings.protocols = ["http/1.1"]
        let certificates = try CertificateStore(settings)
        return try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let session = try certificates.makeSession()
                    let tls = TLSHandler(session: session, limits: TLSLimits(), gate: nil)
                    let client = CalibrationClient(channel, player.value)
                    try channel.pipeline.syncOperations.addHandlers(tls, client)
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .wait()
    }

    /// Serves until the standard input is closed. Returns how late events were written, against their schedule.
    public func serve() -> String {
        var byte: UInt8 = 0
        while case let count = read(STDIN_FILENO, &byte, 1), count > 0 || count < 0 && errno == EINTR {}
        let player = player
        let summary = try? group.next().submit { CalibrationServer.summary(of: player.value.lateness) }.wait()
        try? group.syncShutdownGracefully()
        return summary ?? ""
    }
}
