// SPDX-License-Identifier: Apache-2.0

/// How a stream is typed: everything but its text and its seed.
public struct Pace: Equatable, Sendable {
    public var unit: TextUnit
    /// Units a second; 0 is as fast as the client reads. Nil leaves a recorded cadence its own gaps.
    public var rate: Double?
    public var shape: Cadence.Shape
    /// Standard deviation of a gap over its mean, 0 to 1.
    public var jitter: Double
    /// Added after the unit that holds the end of a sentence; half of it after a clause.
    public var pause: Nanoseconds
    /// Units that leave at once, the gap between such groups multiplied.
    public var burst: Int
    /// From the request to the first unit.
    public var firstDelay: Nanoseconds
    /// The stream ends as whole after so many units.
    public var maximumUnits: Int?
    /// Bursts are typed evenly, kept for about so long: rate, shape, jitter, burst and pause are not used. Nil: not so.
    public var targetLag: Nanoseconds?
    /// What was sent at once leaves at once, though what comes next may belong to its last cluster.
    public var passesDeltas = false

    public init(
        unit: TextUnit = .character,
        rate: Double? = 40,
        shape: Cadence.Shape = .constant,
        jitter: Double = 0,
        pause: Nanoseconds = 0,
        burst: Int = 1,
        firstDelay: Nanoseconds = 0,
        maximumUnits: Int? = nil,
        targetLag: Nanoseconds? = nil
    ) {
        self.unit = unit
        self.rate = rate
        self.shape = shape
        self.jitter = jitter
        self.pause = pause
        self.burst = burst
        self.firstDelay = firstDelay
        self.maximumUnits = maximumUnits
        self.targetLag = targetLag
    }

    /// Nothing is paced: each unit is due as soon as it is whole.
    public var isUnpaced: Bool { rate == 0 && targetLag == nil }

    /// The cadence that this pace asks for.
    public func cadence(seed: UInt64) -> Cadence {
        Cadence(shape: shape, meanGap: rate.map { $0 > 0 ? 1e9 / $0 : 0 }, jitter: jitter, seed: seed)
    }
}

extension Pace {
    /// The same rhythm, `speed` times as fast; 0 waits for nothing.
    public func scaled(by speed: Double) -> Pace {
        guard speed != 1 else { return self }
        var pace = self
        guard speed > 0 else {
            (pace.rate, pace.firstDelay, pace.pause, pace.targetLag) = (0, 0, 0, nil)
            return pace
        }
        let ownRate = shape.ownMeanGap.flatMap { $0 > 0 ? 1e9 / $0 : nil }
        pace.rate = (rate ?? ownRate).map { $0 * speed }
        pace.firstDelay = Nanoseconds(Double(firstDelay) / speed)
        pace.pause = Nanoseconds(Double(pause) / speed)
        pace.targetLag = targetLag.map { Nanoseconds(Double($0) / speed) }
        return pace
    }
}
