// SPDX-License-Identifier: Apache-2.0

internal import Logging
internal import Synchronization
internal import TLS

/// Looks at the certificates' files again and again, and takes them in when they have changed. A broken file changes
/// nothing: the certificates stay as they were, and the log says why.
final class CertificateWatch: Sendable {
    private static let interval = Duration.seconds(1)

    private let certificates: CertificateStore
    private let logger: Logger
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ certificates: CertificateStore, logger: Logger) {
        self.certificates = certificates
        self.logger = logger
    }

    func start() {
        tellWarnings()
        let watch = Task { [weak self] in
            while (try? await Task.sleep(for: Self.interval)) != nil {
                guard let self else { return }
                take { store throws(TLSProblem) in try store.reloadIfChanged() }
            }
        }
        task.withLock { $0 = watch }
    }

    func stop() {
        task.withLock { $0?.cancel() }
    }

    /// Somebody has asked for it.
    func reload() {
        take { store throws(TLSProblem) in
            try store.reload()
            return true
        }
    }

    private func take(_ look: (CertificateStore) throws(TLSProblem) -> Bool) {
        do throws(TLSProblem) {
            guard try look(certificates) else { return }
            logger.notice("Certificates taken in", metadata: ["fingerprint": "\(certificates.fingerprint)"])
            tellWarnings()
        } catch {
            logger.error("Certificates are broken, the old ones stay", metadata: ["problem": "\(error)"])
        }
    }

    private func tellWarnings() {
        for warning in certificates.warnings {
            logger.warning("A certificate is not valid now", metadata: ["problem": "\(warning)"])
        }
    }
}
