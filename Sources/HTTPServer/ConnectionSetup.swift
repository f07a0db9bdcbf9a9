// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP1
internal import TLS

/// Puts the handlers of a new connection together, for what it speaks.
struct ConnectionSetup {
    let channel: any Channel
    let loop: ServerLoop
    var facts: ConnectionFacts

    /// Before the first byte.
    func begin(_ certificates: CertificateStore?) throws {
        guard let certificates else { return try speakPlainly() }
        let tls = TLSHandler(
            session: try certificates.makeSession(),
            limits: loop.limits.tls,
            gate: loop.handshakes
        )
        try channel.pipeline.syncOperations.addHandlers(tls, ProtocolChooser(self, tls: tls))
    }

    private func speakPlainly() throws {
        guard loop.limits.http2.takesPriorKnowledge else { return try speakHTTP1() }
        try channel.pipeline.syncOperations.addHandler(PrefaceDetector(self))
    }

    func speakHTTP1() throws {
        let connection = HTTP1Connection(channel: channel, loop: loop, facts: facts)
        var parserLimits = NIOHTTPDecoderLimitConfiguration()
        parserLimits.maxHeaderFieldSize = loop.limits.head
        parserLimits.maxHeaderListSize = loop.limits.head
        let parser = HTTPRequestDecoder(
            leftOverBytesStrategy: .dropBytes,
            informationalResponseStrategy: .drop,
            limitConfiguration: parserLimits
        )
        try channel.pipeline.syncOperations.addHandlers(
            HeadGauge(connection: connection, limits: loop.limits),
            ByteToMessageHandler(parser),
            connection
        )
    }
}
