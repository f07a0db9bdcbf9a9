// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import LoadTest

struct StreamEndSystemTests {
    @Test(arguments: [
        (ECONNREFUSED, false, StreamEnd.refused), (EHOSTUNREACH, false, .refused), (ENETUNREACH, false, .refused),
        (ETIMEDOUT, false, .connectTimeOut), (ETIMEDOUT, true, .timeOut), (ECONNRESET, true, .reset),
        (EPIPE, true, .reset), (ECONNRESET, false, .reset), (EADDRNOTAVAIL, false, .exhausted),
        (EMFILE, false, .exhausted), (ENFILE, false, .exhausted), (ENOBUFS, true, .exhausted),
    ])
    func `an error of the system's ends a request as what it means`(code: CInt, isConnected: Bool, end: StreamEnd) {
        #expect(StreamEnd(SystemError(code: code), isConnected: isConnected) == end)
    }
}
