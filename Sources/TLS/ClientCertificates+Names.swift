// SPDX-License-Identifier: Apache-2.0

extension ClientCertificates {
    /// The key's name that a certificate stands for; nil where it has no name at all.
    ///
    /// What no entry names is marked as a certificate's own word, so that an authority's clients cannot call themselves
    /// by a key's name.
    func keyName(of names: CertificateNames) -> String? {
        let all = [names.common].compactMap(\.self) + names.hosts + names.others
        return all.lazy.compactMap { keyNames[$0] }.first ?? names.common.map { "cn:\($0)" }
    }
}
