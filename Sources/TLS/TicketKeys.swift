// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// The keys of session tickets, one for each stretch of time. They follow from a secret and the clock, so that nodes
/// with the same secret have the same keys without a word among them.
struct TicketKeys: Sendable {
    private let secret: [UInt8]
    private let rotation: Int

    /// A key that opens a ticket.
    struct Found: Equatable {
        let key: TicketKey
        /// The ticket is under another key than new ones are, and is to be replaced.
        let isOld: Bool
    }

    init(_ settings: TicketSettings) throws(TLSProblem) {
        rotation = max(settings.rotation, 1)
        if let secret = settings.secret { self.secret = secret } else { secret = try Self.randomSecret() }
        guard secret.count >= 32 else {
            throw TLSProblem("the secret of the session tickets has \(secret.count) bytes; give it at least 32")
        }
    }

    private static func randomSecret() throws(TLSProblem) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        guard RAND_bytes(&bytes, 32) == 1 else {
            throw TLSProblem("libcrypto gives no random bytes: \(LibraryErrors.take())")
        }
        return bytes
    }

    /// What tickets are encrypted with.
    /// - Parameter time: Unix time in seconds.
    func current(at time: Int) -> TicketKey { TicketKey(secret: secret, epoch: time / rotation) }

    /// What opens a ticket under the name; nil where it is too old or a stranger's.
    ///
    /// The key of the time that comes next is one too: a node's clock may be ahead of ours.
    func find(_ name: [UInt8], at time: Int) -> Found? {
        let now = time / rotation
        for epoch in [now, now - 1, now + 1] where TicketKey.name(secret: secret, epoch: epoch).elementsEqual(name) {
            return Found(key: TicketKey(secret: secret, epoch: epoch), isOld: epoch < now)
        }
        return nil
    }
}
