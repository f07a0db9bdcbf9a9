// SPDX-License-Identifier: Apache-2.0

/// Why TLS cannot be spoken, or not as was asked.
public struct TLSProblem: Error, Equatable, CustomStringConvertible, Sendable {
    /// What was wrong, with the file where there is one, and what to do.
    public let description: String

    public init(_ description: String) { self.description = description }
}
