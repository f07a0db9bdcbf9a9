// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Glibc
import Testing

@testable import TLS

/// A file with the certificate that a store shows, so that clients can be told to trust it; gone with this object.
final class AuthorityFile {
    let path: String

    init(of store: CertificateStore) throws {
        var name = Array("/tmp/typebar-authority-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let file = try #require(fdopen(descriptor, "w"))
        defer { fclose(file) }
        let certificate = try #require(SSL_CTX_get0_certificate(store.context.pointer))
        #expect(PEM_write_X509(file, certificate) == 1)
    }

    deinit { unlink(path) }
}
