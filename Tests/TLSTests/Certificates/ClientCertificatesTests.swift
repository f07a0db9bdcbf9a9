// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TLS

struct ClientCertificatesTests {
    private static let clients = ClientCertificates(
        authorities: "ca.pem",
        keyNames: ["ops": "admin", "app.example": "app", "spiffe://example/batch": "batch"]
    )

    @Test(
        arguments: [
            (CertificateNames(common: "ops"), "admin"),
            (CertificateNames(common: "somebody", hosts: ["x.example", "app.example"]), "app"),
            (CertificateNames(others: ["spiffe://example/batch"]), "batch"),
            (CertificateNames(common: "ops", hosts: ["app.example"]), "admin"),
            (CertificateNames(common: "stranger", hosts: ["x.example"]), "cn:stranger"),
            (CertificateNames(common: "admin"), "cn:admin"),
            (CertificateNames(hosts: ["x.example"]), nil), (CertificateNames(), nil),
        ] as [(CertificateNames, String?)]
    )
    func `a certificate stands for the key that one of its names has, and else for no key`(
        names: CertificateNames,
        key: String?
    ) {
        #expect(Self.clients.keyName(of: names) == key)
    }
}
