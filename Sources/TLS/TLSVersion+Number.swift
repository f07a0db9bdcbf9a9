// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

extension TLSVersion {
    /// As it goes over the wire.
    var number: Int32 {
        switch self {
        case .v1_2: TLS1_2_VERSION
        case .v1_3: TLS1_3_VERSION
        }
    }
}
