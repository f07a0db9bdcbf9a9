// SPDX-License-Identifier: Apache-2.0

import TLS
import Testing

struct TLSVersionTests {
    @Test func `versions are named as people name them`() {
        #expect(TLSVersion.allCases.map(\.rawValue) == ["1.2", "1.3"])
    }
}
