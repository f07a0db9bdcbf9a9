// SPDX-License-Identifier: Apache-2.0

/// Whether one scenario takes a request, and why not.
public struct ScenarioVerdict: Equatable, Sendable {
    public var name: String
    /// File and line.
    public var place: String
    /// The first condition that does not hold, in words; nil where all do.
    public var failure: String?

    public var isMatch: Bool { failure == nil }

    public init(name: String, place: String, failure: String?) {
        self.name = name
        self.place = place
        self.failure = failure
    }
}
