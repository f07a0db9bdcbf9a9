// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// What libssl needs once in a process.
enum TLSLibrary {
    private static let isReady: Bool = {
        // Its handler at exit would free what other threads still use.
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1 && OPENSSL_init_ssl(0, nil) == 1
    }()

    /// Prepares libssl and libcrypto, the first time that it is called. Upstream's room does so for itself before libcurl
    /// begins (`ccurl_global_init`): whichever is first counts.
    static func prepare() throws(TLSProblem) {
        guard isReady else { throw TLSProblem("libssl does not start: \(LibraryErrors.take())") }
    }
}
