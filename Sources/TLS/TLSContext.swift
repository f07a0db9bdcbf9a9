// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// What the sessions of one certificate, or of one client's settings, share: an `SSL_CTX`.
public final class TLSContext: Sendable {
    /// Set up before anybody else sees it, and not changed after that; libssl counts its references by itself, and its
    /// sessions may then be made on any thread (SSL_CTX_new(3), "NOTES").
    nonisolated(unsafe) let pointer: OpaquePointer
    /// Who clients may be; nil for a client's own context, and where the server does not ask.
    let clients: ClientCertificates?

    /// - Parameter pointer: Becomes this object's.
    init(owning pointer: OpaquePointer, clients: ClientCertificates? = nil) {
        self.pointer = pointer
        self.clients = clients
    }

    deinit { SSL_CTX_free(pointer) }

    /// A client's.
    public convenience init(client settings: TLSClientSettings) throws(TLSProblem) {
        self.init(owning: try Self.make(TLS_client_method()))
        try applyRecipe(oldest: settings.oldestVersion, newest: settings.newestVersion)
        let protocols = ProtocolChoice(settings.protocols).wire
        if !protocols.isEmpty, SSL_CTX_set_alpn_protos(pointer, protocols, UInt32(protocols.count)) != 0 {
            throw TLSProblem("the protocols cannot be offered: \(LibraryErrors.take())")
        }
        try trust(settings)
        if let files = settings.certificate { try load(files) }
    }

    /// A server's that shows the certificate of `source`.
    convenience init(
        server settings: TLSServerSettings,
        certificate source: CertificateSource,
        tickets: TicketKeys
    ) throws(TLSProblem) {
        self.init(owning: try Self.make(TLS_server_method()), clients: settings.clients)
        try applyRecipe(oldest: settings.oldestVersion, newest: .v1_3)
        switch source {
        case .files(let files): try load(files)
        case .selfSigned(let certificate): try certificate.use(in: self)
        }
        try admit(settings.clients)
        applyTickets(settings.tickets)
        let state = ContextState(
            protocols: ProtocolChoice(settings.protocols),
            tickets: settings.tickets.isEnabled ? tickets : nil
        )
        state.install(in: pointer)
    }

    private static func make(_ method: OpaquePointer?) throws(TLSProblem) -> OpaquePointer {
        try TLSLibrary.prepare()
        LibraryErrors.clear()
        guard let pointer = SSL_CTX_new(method) else {
            throw TLSProblem("libssl gives no context: \(LibraryErrors.take())")
        }
        return pointer
    }

    /// The key's name that a client's certificate stands for; nil where it has no name, or nobody asked for it.
    /// - Parameter certificate: An `X509` that has been verified.
    func keyName(ofClient certificate: OpaquePointer) -> String? {
        clients?.keyName(of: CertificateNames(of: certificate))
    }
}
