// SPDX-License-Identifier: Apache-2.0

/// How a model is asked to choose its words. Nil leaves each to the model.
public struct Sampling: Equatable, Sendable {
    /// 0 to 2; the range of a format may be smaller.
    public var temperature: Double?
    /// 0 to 1.
    public var topP: Double?
    /// From 1.
    public var topK: Int?
    /// -2 to 2.
    public var frequencyPenalty: Double?
    /// -2 to 2.
    public var presencePenalty: Double?

    public init() {}
}
