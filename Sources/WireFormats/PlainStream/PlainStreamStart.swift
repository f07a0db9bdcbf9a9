// SPDX-License-Identifier: Apache-2.0

/// The data of the start frame, but for what differs between the connections of a stream.
public struct PlainStreamStart: Equatable, Sendable {
    /// The model's name, without parameters.
    public var model: String
    public var unit: String
    /// Units a second.
    public var rate: Double
    public var seed: UInt64
    /// Unix seconds.
    public var created: Int

    public init(model: String, unit: String, rate: Double, seed: UInt64, created: Int) {
        self.model = model
        self.unit = unit
        self.rate = rate
        self.seed = seed
        self.created = created
    }
}
