// SPDX-License-Identifier: Apache-2.0

/// How events were told apart.
public struct ReadingCounts: Equatable, Sendable {
    /// By the template that the first events taught.
    public var byTemplate = 0
    /// By the real parser, since the template did not fit.
    public var byParser = 0
    /// Looked at by both, to prove the template.
    public var proven = 0
    /// Of those, where the two did not agree: anything but 0 makes the figures doubtful.
    public var disagreements = 0

    public init() {}
}
