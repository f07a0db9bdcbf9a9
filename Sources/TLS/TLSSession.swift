// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import NIOCore

/// One session: an `SSL`, and the BIO between it and the bytes of the connection. Pure computation: no socket, no time.
/// Lives on one event loop, or where its owner does.
///
/// It keeps no bytes of its own: each call uses up the records that it is given, and what it has for the peer is in
/// ``output`` until the next call to any session of this thread.
public final class TLSSession {
    let pointer: OpaquePointer
    /// Its callbacks are asked, so it has to stay.
    let context: TLSContext
    let isServer: Bool
    /// After a fatal error nothing may be asked of libssl (SSL_get_error(3)).
    private var isDead = false

    private init(context: TLSContext, isServer: Bool) throws(TLSProblem) {
        LibraryErrors.clear()
        guard let pointer = SSL_new(context.pointer) else {
            throw TLSProblem("libssl gives no session: \(LibraryErrors.take())")
        }
        self.pointer = pointer
        self.context = context
        self.isServer = isServer
        guard ctls_attach(pointer) == 1 else { throw TLSProblem("there is no memory for a session") }
        if isServer { SSL_set_accept_state(pointer) } else { SSL_set_connect_state(pointer) }
    }

    /// A server's.
    public convenience init(_ context: TLSContext) throws(TLSProblem) {
        try self.init(context: context, isServer: true)
    }

    /// A client's.
    /// - Parameter host: A name, which is asked for by SNI, or an address; it is to be found in the certificate.
    public convenience init(_ context: TLSContext, host: String) throws(TLSProblem) {
        try self.init(context: context, isServer: false)
        // An address is not asked for (RFC 6066, section 3).
        guard X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(pointer), host) != 1 else { return }
        LibraryErrors.clear()
        SSL_set_hostflags(pointer, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        guard ctls_set_server_name(pointer, host) == 1, SSL_set1_host(pointer, host) == 1 else {
            throw TLSProblem("\(host) cannot be asked for by TLS: \(LibraryErrors.take())")
        }
    }

    deinit { SSL_free(pointer) }

    // MARK: Steps

    /// What the last step has for the peer.
    var output: UnsafeRawBufferPointer {
        let outbox = ctls_outbox()
        return UnsafeRawBufferPointer(start: outbox.bytes, count: outbox.count)
    }

    /// Goes on with the handshake.
    /// - Parameter records: What has come; bytes behind the handshake stay in it.
    func shakeHands(_ records: inout ByteBuffer) -> TLSOutcome {
        read(&records) { SSL_do_handshake(pointer) }
    }

    /// Uses up `records`, and appends what is in them to `plaintext`.
    func decrypt(_ records: inout ByteBuffer, into plaintext: inout ByteBuffer) -> TLSOutcome {
        plaintext.reserveCapacity(minimumWritableBytes: records.readableBytes)
        return read(&records) {
            var status: Int32
            repeat {
                status = 0
                plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: 256) { room in
                    var count = 0
                    status = SSL_read_ex(pointer, room.baseAddress, room.count, &count)
                    return count
                }
            } while status == 1
            return status
        }
    }

    /// Makes records of `plaintext`: at once, and of all of it.
    @inline(__always)
    func encrypt(_ plaintext: UnsafeRawBufferPointer) -> TLSOutcome {
        begin()
        guard !isDead else { return .failed(Self.dead) }
        // libssl takes no write of nothing (SSL_write(3)).
        guard !plaintext.isEmpty else { return .done }
        var count = 0
        let status = SSL_write_ex(pointer, plaintext.baseAddress, plaintext.count, &count)
        return status == 1 && count == plaintext.count ? .done : outcome(of: status)
    }

    /// Tells the peer that nothing more comes. In a handshake there is no way to say it.
    func sayGoodbye() {
        begin()
        guard !isDead, SSL_in_init(pointer) == 0 else { return }
        SSL_shutdown(pointer)
    }

    private func read(_ records: inout ByteBuffer, _ step: () -> Int32) -> TLSOutcome {
        begin()
        guard !isDead else { return .failed(Self.dead) }
        return records.readWithUnsafeReadableBytes { bytes in
            ctls_lend(bytes.baseAddress, bytes.count)
            let outcome = outcome(of: step())
            return (bytes.count - ctls_take_back(), outcome)
        }
    }

    /// The queue of errors is the thread's: what another connection left there would be taken for ours.
    @inline(__always)
    private func begin() {
        ERR_clear_error()
        ctls_outbox_clear()
    }

    // MARK: Failures

    private static let dead = TLSProblem("the session has failed before")

    private func outcome(of status: Int32) -> TLSOutcome {
        switch SSL_get_error(pointer, status) {
        case SSL_ERROR_NONE: return .done
        case SSL_ERROR_WANT_READ: return .wantsMore
        case SSL_ERROR_ZERO_RETURN: return .closed
        default:
            isDead = true
            return .failed(problem)
        }
    }

    private var problem: TLSProblem {
        let errors = LibraryErrors.take()
        let verdict = SSL_get_verify_result(pointer)
        guard Int32(truncatingIfNeeded: verdict) != X509_V_OK,
            SSL_get_verify_mode(pointer) & SSL_VERIFY_PEER != 0,
            let reason = X509_verify_cert_error_string(verdict)
        else { return TLSProblem(errors) }
        return TLSProblem("the peer's certificate is not trusted: \(String(cString: reason)) (\(errors))")
    }
}

@available(*, unavailable)
extension TLSSession: Sendable {}
