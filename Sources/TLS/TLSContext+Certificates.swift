// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

extension TLSContext {
    /// Shows the certificate of `files`. The key comes first, so that each file answers for itself.
    func load(_ files: CertificateFiles) throws(TLSProblem) {
        LibraryErrors.clear()
        guard SSL_CTX_use_PrivateKey_file(pointer, files.key, SSL_FILETYPE_PEM) == 1 else {
            throw TLSProblem(
                "the key file \(files.key) cannot be used: \(LibraryErrors.take()). "
                    + "It has to hold the certificate's private key in PEM, without a passphrase, and be readable."
            )
        }
        guard SSL_CTX_use_certificate_chain_file(pointer, files.certificate) == 1 else {
            throw TLSProblem(
                "the certificate file \(files.certificate) cannot be used: \(LibraryErrors.take()). "
                    + "It has to hold the certificate, and then those that signed it, in PEM, and be readable."
            )
        }
        guard SSL_CTX_check_private_key(pointer) == 1 else {
            LibraryErrors.clear()
            throw TLSProblem(
                "the key file \(files.key) does not belong to the certificate file \(files.certificate). "
                    + "Give the key that the certificate was made for."
            )
        }
    }

    /// The server's certificates are held against the authorities that `settings` name.
    func trust(_ settings: TLSClientSettings) throws(TLSProblem) {
        guard !settings.isUnverified else { return SSL_CTX_set_verify(pointer, SSL_VERIFY_NONE, nil) }
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        LibraryErrors.clear()
        if let file = settings.authorities {
            try loadAuthorities(file)
        } else if SSL_CTX_set_default_verify_paths(pointer) != 1 {
            throw TLSProblem("the system's authorities cannot be read: \(LibraryErrors.take())")
        }
    }

    /// Asks clients for certificates, or does not.
    func admit(_ clients: ClientCertificates?) throws(TLSProblem) {
        LibraryErrors.clear()
        guard let clients else { return setSessionContext(nil) }
        try loadAuthorities(clients.authorities)
        // Names to clients the authorities that are trusted, so that a browser knows which certificate to offer.
        SSL_CTX_set_client_CA_list(pointer, SSL_load_client_CA_file(clients.authorities))
        let required = clients.isRequired ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER | required, nil)
        setSessionContext(clients)
    }

    private func loadAuthorities(_ file: String) throws(TLSProblem) {
        guard SSL_CTX_load_verify_file(pointer, file) == 1 else {
            throw TLSProblem(
                "the file of authorities \(file) cannot be used: \(LibraryErrors.take()). "
                    + "It has to hold one certificate or more, in PEM, and be readable."
            )
        }
    }

    /// A session is resumed without a look at the client's certificate: so not where others are let in than before.
    private func setSessionContext(_ clients: ClientCertificates?) {
        var text = Array("typebar".utf8)
        if let clients {
            text += clients.isRequired ? [1] : [0]
            text += FileContents.read(clients.authorities) ?? []
        }
        var digest = [UInt8](repeating: 0, count: 32)
        var length = UInt32(digest.count)
        EVP_Digest(text, text.count, &digest, &length, EVP_sha256(), nil)
        SSL_CTX_set_session_id_context(pointer, digest, UInt32(digest.count))
    }
}
