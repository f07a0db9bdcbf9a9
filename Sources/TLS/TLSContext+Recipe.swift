// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

extension TLSContext {
    /// Forward secrecy and authenticated encryption only (RFC 9325, section 4.2). AES-128 first: it is strong enough for
    /// all, and costs least.
    private static let ciphers = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
        ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:\
        ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384
        """
    private static let suites = "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384"
    private static let groups = "X25519:P-256"

    /// What holds for servers and clients. All is said here, since what is not would come from the system's openssl.cnf.
    func applyRecipe(oldest: TLSVersion, newest: TLSVersion) throws(TLSProblem) {
        guard ctls_context_set_versions(pointer, oldest.number, newest.number) == 1,
            SSL_CTX_set_cipher_list(pointer, Self.ciphers) == 1, SSL_CTX_set_ciphersuites(pointer, Self.suites) == 1,
            ctls_context_set_groups(pointer, Self.groups) == 1
        else { throw TLSProblem("libssl does not take our versions and ciphers: \(LibraryErrors.take())") }
        // Keys of 112 bits' strength and more, and no SHA-1 (SSL_CTX_set_security_level(3)).
        SSL_CTX_set_security_level(pointer, 2)
        // A connection that rests keeps no buffers.
        ctls_context_set_mode(pointer, Int(SSL_MODE_RELEASE_BUFFERS) | Int(SSL_MODE_AUTO_RETRY))
        SSL_CTX_set_options(
            pointer,
            ctls_op_no_renegotiation | ctls_op_no_compression | ctls_op_cipher_server_preference
                | ctls_op_prioritize_chacha
        )
        ctls_context_disable_cache(pointer)
        SSL_CTX_set_max_early_data(pointer, 0)
        // An encrypted key is an error, and no question on the terminal.
        SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in 0 }
    }

    /// One ticket for a session, where libssl would give two: whoever comes back does so with one connection, and gets a
    /// new ticket then.
    func applyTickets(_ settings: TicketSettings) {
        guard settings.isEnabled else {
            SSL_CTX_set_options(pointer, ctls_op_no_ticket)
            SSL_CTX_set_num_tickets(pointer, 0)
            return
        }
        SSL_CTX_set_num_tickets(pointer, 1)
    }
}
