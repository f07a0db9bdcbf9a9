// SPDX-License-Identifier: Apache-2.0

/// What the binary calls itself.
enum Version {
    static let text = "0.4.0"
}
