// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// What is known once the handshake is done.
extension TLSSession {
    /// What both agreed to speak inside (ALPN, RFC 7301); nil where the client offered nothing.
    var negotiatedProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(pointer, &name, &length)
        guard let name, length > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// Nil before the handshake.
    public var version: TLSVersion? {
        guard SSL_in_init(pointer) == 0 else { return nil }
        let number = SSL_version(pointer)
        return TLSVersion.allCases.first { $0.number == number }
    }

    /// The key's name that the client's certificate stands for; nil where there is none, or nobody asked.
    var peerName: String? {
        guard isServer, let certificate = SSL_get1_peer_certificate(pointer) else { return nil }
        defer { X509_free(certificate) }
        return context.keyName(ofClient: certificate)
    }
}
