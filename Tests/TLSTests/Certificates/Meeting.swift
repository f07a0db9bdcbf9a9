// SPDX-License-Identifier: Apache-2.0

import COpenSSL

@testable import TLS

/// A client and a server in memory that shake hands, with nothing of ours but the contexts.
final class Meeting {
    private let client: OpaquePointer
    private let server: OpaquePointer
    /// Both are through.
    private(set) var isDone = false
    /// Why not.
    private(set) var problem = ""

    /// - Parameter session: One of an earlier meeting, to go on with.
    init(
        _ clientContext: TLSContext,
        _ serverContext: TLSContext,
        host: String? = nil,
        resuming session: OpaquePointer? = nil
    ) throws {
        guard let client = SSL_new(clientContext.pointer), let server = SSL_new(serverContext.pointer) else {
            throw TLSProblem("no session")
        }
        (self.client, self.server) = (client, server)
        var near: OpaquePointer?
        var far: OpaquePointer?
        BIO_new_bio_pair(&near, 1 << 16, &far, 1 << 16)
        SSL_set_bio(client, near, near)
        SSL_set_bio(server, far, far)
        if let host {
            var name = Array(host.utf8CString)
            SSL_ctrl(client, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name)
        }
        if let session { SSL_set_session(client, session) }
        SSL_set_connect_state(client)
        SSL_set_accept_state(server)
        shakeHands()
    }

    deinit {
        // As after a goodbye; else the session could not be resumed.
        SSL_set_shutdown(client, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        SSL_set_shutdown(server, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        SSL_free(client)
        SSL_free(server)
    }

    private func shakeHands() {
        for _ in 0..<20 {
            for end in [client, server] {
                ERR_clear_error()
                let status = SSL_do_handshake(end)
                guard status != 1, SSL_get_error(end, status) != SSL_ERROR_WANT_READ else { continue }
                problem += LibraryErrors.take() + "\n"
            }
            guard problem.isEmpty else { return }
            isDone = SSL_is_init_finished(client) == 1 && SSL_is_init_finished(server) == 1
        }
        // Takes the tickets, and a late alert.
        var byte: UInt8 = 0
        ERR_clear_error()
        let status = SSL_read(client, &byte, 1)
        if SSL_get_error(client, status) != SSL_ERROR_WANT_READ { problem += LibraryErrors.take() }
    }

    var negotiated: String? {
        var bytes: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(client, &bytes, &count)
        return bytes.map { String(decoding: UnsafeBufferPointer(start: $0, count: Int(count)), as: UTF8.self) }
    }

    /// The common name that the server showed.
    var serverName: String? {
        SSL_get0_peer_certificate(client).flatMap { CertificateNames(of: $0).common }
    }

    /// Whom the client's certificate stands for.
    func clientName(in context: TLSContext) -> String? {
        SSL_get0_peer_certificate(server).flatMap { context.keyName(ofClient: $0) }
    }

    var isResumed: Bool { SSL_session_reused(server) == 1 }
    var version: String { String(cString: SSL_get_version(client)) }
    var cipher: String { String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(client))) }

    /// The caller's to free.
    func session() -> OpaquePointer? { SSL_get1_session(client) }
}
