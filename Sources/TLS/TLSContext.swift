// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// What the sessions of one certificate, or of one client's settings, share: an `SSL_CTX`.
public final class TLSContext: Sendable {
    /// Set up before anybody else sees it, and not changed after that; libssl counts its references by itself, and its
    /// sessions may then be made on any thread (SSL_CTX_new(3), "NOTES").
    nonisolated(unsafe) let pointer: OpaquePointer

    /// - Parameter pointer: Becomes this object's.
    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { SSL_CTX_free(pointer) }

    /// A client's.
    public convenience init(client settings: TLSClientSettings) throws(TLSProblem) {
        guard let pointer = SSL_CTX_new(TLS_client_method()) else { throw TLSProblem("libssl gives no context") }
        self.init(owning: pointer)
    }

    /// A server's that shows the certificate of `files`.
    convenience init(server settings: TLSServerSettings, files: CertificateFiles) throws(TLSProblem) {
        guard let pointer = SSL_CTX_new(TLS_server_method()) else { throw TLSProblem("libssl gives no context") }
        self.init(owning: pointer)
        guard SSL_CTX_use_certificate_chain_file(pointer, files.certificate) == 1,
            SSL_CTX_use_PrivateKey_file(pointer, files.key, SSL_FILETYPE_PEM) == 1
        else { throw TLSProblem("the certificate \(files.certificate) cannot be used") }
    }
}
