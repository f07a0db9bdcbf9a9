// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Glibc

/// What libssl's callbacks ask of a server's context. Belongs to the `SSL_CTX`, and goes when that does: its sessions
/// may outlive the ``TLSContext`` that they came from.
final class ContextState: Sendable {
    private static let place = ContextPlace<ContextState>()

    private let protocols: ProtocolChoice
    /// Nil where there are no tickets.
    private let tickets: TicketKeys?

    init(protocols: ProtocolChoice, tickets: TicketKeys?) {
        self.protocols = protocols
        self.tickets = tickets
    }

    /// Makes `context` ask this state.
    func install(in context: OpaquePointer) {
        Self.place.put(self, in: context)
        if !protocols.wire.isEmpty { SSL_CTX_set_alpn_select_cb(context, Self.selectProtocol, nil) }
        if tickets != nil { _ = ctls_context_set_ticket_callback(context, Self.useTicketKey) }
    }

    private static func of(_ session: OpaquePointer?) -> ContextState? {
        session.flatMap { SSL_get_SSL_CTX($0) }.flatMap(place.get)
    }

    // MARK: Callbacks

    /// No protocol in common is a fatal alert (RFC 7301, section 3.2). Who offers none does not come here.
    private static let selectProtocol: SSL_CTX_alpn_select_cb_func = { session, out, outLength, list, length, _ in
        guard let state = of(session), let out, let outLength, let list,
            let range = state.protocols.select(from: UnsafeRawBufferPointer(start: list, count: Int(length)))
        else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        out.pointee = list + range.lowerBound
        outLength.pointee = UInt8(clamping: range.count)
        return SSL_TLSEXT_ERR_OK
    }

    /// What libssl expects (SSL_CTX_set_tlsext_ticket_key_evp_cb(3)): 1 to go on, 2 to go on and give a new ticket,
    /// 0 for a full handshake, less for an error.
    private static let useTicketKey: ctls_ticket_callback = { session, name, vector, cipher, mac, isEncrypting in
        guard let tickets = of(session)?.tickets, let name, let vector, let cipher, let mac else { return -1 }
        let now = Int(time(nil))
        guard isEncrypting == 0 else {
            let key = tickets.current(at: now)
            guard key.name.count == 16, RAND_bytes(vector, 16) == 1 else { return -1 }
            name.update(from: key.name, count: 16)
            return begin(key, cipher, mac, vector, isEncrypting: true) ? 1 : -1
        }
        let shown = Array(UnsafeBufferPointer(start: name, count: 16))
        guard let found = tickets.find(shown, at: now) else { return 0 }
        guard begin(found.key, cipher, mac, vector, isEncrypting: false) else { return -1 }
        return found.isOld ? 2 : 1
    }

    private static func begin(
        _ key: TicketKey,
        _ cipher: OpaquePointer,
        _ mac: OpaquePointer,
        _ vector: UnsafeMutablePointer<UInt8>,
        isEncrypting: Bool
    ) -> Bool {
        guard key.cipher.count == 32, key.mac.count == 32 else { return false }
        return ctls_ticket_begin(cipher, mac, key.cipher, key.mac, vector, isEncrypting ? 1 : 0) == 1
    }
}
