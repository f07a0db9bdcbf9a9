// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// Lets the first of several contexts hand a session to the one whose certificate is for the host asked for (SNI).
final class SiblingContexts: Sendable {
    private static let place = ContextPlace<SiblingContexts>()

    private let names: ServerNames
    /// All but the first, which holds this object.
    private let others: [TLSContext]

    /// - Parameter names: Those of the first one too.
    init(names: ServerNames, others: [TLSContext]) {
        self.names = names
        self.others = others
    }

    func install(in context: TLSContext) {
        Self.place.put(self, in: context.pointer)
        let argument = Unmanaged.passUnretained(self).toOpaque()
        ctls_context_set_server_name_callback(context.pointer, Self.chooseContext, argument)
    }

    /// A host that nobody knows gets the first certificate: whether that will do is its client's to judge.
    private static let chooseContext: ctls_server_name_callback = { session, _, argument in
        guard let session, let argument, let name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name) else {
            return SSL_TLSEXT_ERR_NOACK
        }
        let siblings = Unmanaged<SiblingContexts>.fromOpaque(argument).takeUnretainedValue()
        guard let index = siblings.names.index(for: String(cString: name)), index > 0 else { return SSL_TLSEXT_ERR_OK }
        SSL_set_SSL_CTX(session, siblings.others[index - 1].pointer)
        return SSL_TLSEXT_ERR_OK
    }
}
