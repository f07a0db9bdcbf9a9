// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TLS

struct ServerNamesTests {
    private static let names = ServerNames([
        ["default.example"], ["*.example.com", "Example.COM"], ["chat.example.com"],
        ["chat.example.com", "late.example"],
    ])

    @Test(
        arguments: [
            ("chat.example.com", 2), ("CHAT.Example.com", 2), ("chat.example.com.", 2), ("other.example.com", 1),
            ("example.com", 1), ("default.example", 0), ("late.example", 3),
            ("a.b.example.com", nil), (".example.com", nil), ("*.example.com", 1), ("", nil), (".", nil), ("com", nil),
            ("evil-example.com", nil), ("chat.example.com.evil", nil),
        ] as [(String, Int?)]
    )
    func `an exact name beats a wildcard, which stands for one label`(host: String, index: Int?) {
        #expect(Self.names.index(for: host) == index)
    }
}
