// SPDX-License-Identifier: Apache-2.0

/// What the binary calls itself.
public enum Version {
    public static let text = "0.6.0"
}
