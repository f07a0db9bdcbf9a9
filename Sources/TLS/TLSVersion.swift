// SPDX-License-Identifier: Apache-2.0

/// The versions of TLS that are still fit for use (RFC 8996).
public enum TLSVersion: String, Sendable, CaseIterable {
    case v1_2 = "1.2"
    case v1_3 = "1.3"
}
