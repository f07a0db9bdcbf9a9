// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A server's certificates, which may change while it runs. For all event loops.
public final class CertificateStore: Sendable {
    private struct State {
        var served: ServedCertificates
        /// Of the files when they were last looked at, whether they could be used or not.
        var stamps: [FileStamp]
    }

    private let settings: TLSServerSettings
    private let sources: [CertificateSource]
    private let tickets: TicketKeys
    private let state: Mutex<State>

    /// Reads the certificates.
    public init(_ settings: TLSServerSettings) throws(TLSProblem) {
        var sources = settings.certificates.map { CertificateSource.files($0) }
        if !settings.selfSignedNames.isEmpty {
            sources.append(.selfSigned(try SelfSignedCertificate(names: settings.selfSignedNames)))
        }
        self.settings = settings
        self.sources = sources
        tickets = try TicketKeys(settings.tickets)
        let stamps = Self.stamps(settings)
        state = Mutex(State(served: try ServedCertificates(sources, settings, tickets), stamps: stamps))
    }

    /// A new connection's session. Call on its event loop.
    public func makeSession() throws(TLSProblem) -> TLSSession { try TLSSession(context) }

    /// The present certificates' first context.
    var context: TLSContext { state.withLock { $0.served.first } }

    /// What a person should know of the present certificates, such as that one has expired: a sentence each.
    public var warnings: [String] { state.withLock { $0.served.warnings } }

    /// SHA-256 of the first certificate, as browsers show it: `AB:CD:…`.
    public var fingerprint: String { state.withLock { $0.served.fingerprint } }

    /// Reads the files again; where one is broken, all stay as they were. Sessions that run are not touched.
    public func reload() throws(TLSProblem) {
        // Looked at before they are read: what changes meanwhile is seen the next time.
        let stamps = Self.stamps(settings)
        state.withLock { $0.stamps = stamps }
        let served = try ServedCertificates(sources, settings, tickets)
        state.withLock { $0.served = served }
    }

    /// ``reload()``, if a file has changed since it was last looked at; a broken one is told once.
    /// - Returns: Whether one had.
    public func reloadIfChanged() throws(TLSProblem) -> Bool {
        let stamps = Self.stamps(settings)
        guard state.withLock({ $0.stamps != stamps }) else { return false }
        try reload()
        return true
    }

    private static func stamps(_ settings: TLSServerSettings) -> [FileStamp] {
        var files = settings.certificates.flatMap { [$0.certificate, $0.key] }
        if let clients = settings.clients { files.append(clients.authorities) }
        return files.map(FileStamp.init(of:))
    }
}
