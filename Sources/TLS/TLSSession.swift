// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// One session: an `SSL`, and the BIO between it and the bytes of the connection. Pure computation: no socket, no time.
/// Lives on one event loop, or where its owner does.
public final class TLSSession {
    private let pointer: OpaquePointer

    /// A server's.
    public init(_ context: TLSContext) throws(TLSProblem) {
        guard let pointer = SSL_new(context.pointer) else { throw TLSProblem("libssl gives no session") }
        self.pointer = pointer
    }

    /// A client's.
    /// - Parameter host: Asked for by SNI, and to be found in the certificate.
    public convenience init(_ context: TLSContext, host: String) throws(TLSProblem) {
        try self.init(context)
    }

    deinit { SSL_free(pointer) }
}

@available(*, unavailable)
extension TLSSession: Sendable {}
