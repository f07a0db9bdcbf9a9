// SPDX-License-Identifier: Apache-2.0

extension ClientCertificates {
    /// The key's name that a certificate stands for; nil where it has no name at all.
    func keyName(of names: CertificateNames) -> String? {
        let all = [names.common].compactMap(\.self) + names.hosts + names.others
        return all.lazy.compactMap { keyNames[$0] }.first ?? names.common
    }
}
