// SPDX-License-Identifier: Apache-2.0

import TLS

extension TLSClientSettings {
    /// A client that takes any certificate.
    static func test(protocols: [String] = ["h2", "http/1.1"], newest: TLSVersion = .v1_3) -> Self {
        var settings = Self()
        settings.isUnverified = true
        settings.protocols = protocols
        settings.newestVersion = newest
        return settings
    }
}
