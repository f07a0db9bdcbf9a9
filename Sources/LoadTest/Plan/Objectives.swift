// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// What a stream has to keep to count for the goodput: all of it.
public struct Objectives: Equatable, Sendable {
    /// As written: `ttft:200,gap:50,e2e:3000`.
    public let text: String
    /// Of metrics that a stream has one of; `gap` is its mean gap, `max_gap` its longest.
    public let limits: [Limit]

    public struct Limit: Equatable, Sendable {
        public var metric: Metric
        public var most: Nanoseconds
    }
}
