// SPDX-License-Identifier: Apache-2.0

/// Why a run could not begin.
public struct LoadFailure: Error, Equatable, CustomStringConvertible {
    /// What is wrong, and what to set.
    public let description: String

    public init(description: String) {
        self.description = description
    }
}
