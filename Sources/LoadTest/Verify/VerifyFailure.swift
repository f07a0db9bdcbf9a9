// SPDX-License-Identifier: Apache-2.0

/// Why nothing could be verified: something of this machine, never of the server.
public struct VerifyFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
