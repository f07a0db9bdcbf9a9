// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Looks at the first bytes of a plain connection: HTTP/2's preface (RFC 9113, section 3.4), or a request of HTTP/1.
final class PrefaceDetector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let setup: ConnectionSetup

    init(_ setup: ConnectionSetup) {
        self.setup = setup
    }
}

@available(*, unavailable)
extension PrefaceDetector: Sendable {}
