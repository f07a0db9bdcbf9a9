// SPDX-License-Identifier: Apache-2.0

internal import TLS

/// What is known of a connection before its first request.
struct ConnectionFacts {
    /// There are more connections than the limit allows.
    var isOverCapacity = false
    /// Nil where it speaks plainly. Its handshake is over.
    var tls: TLSHandler?

    /// The key's name that the client's certificate stands for.
    var clientName: String? { tls?.peerName }
}
