// SPDX-License-Identifier: Apache-2.0

/// By what the ended streams are told apart.
public struct StreamKind: Hashable, Sendable {
    /// The wire format's name.
    public let format: String
    public let outcome: StreamOutcome

    public init(format: String, outcome: StreamOutcome) {
        self.format = format
        self.outcome = outcome
    }
}
