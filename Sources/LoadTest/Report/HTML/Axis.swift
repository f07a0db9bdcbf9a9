// SPDX-License-Identifier: Apache-2.0

/// Where a chart puts a value, and the lines by which a reader finds it.
struct Axis: Equatable, Sendable {
    enum Scale: Sendable {
        case linear
        case logarithmic
        /// Of percentiles as shares from 0 to 1: each nine takes as much room as the one before.
        case nines
    }

    struct Tick: Equatable, Sendable {
        var value: Double
        /// Empty: a line alone.
        var label: String
        /// Left out where there is little room.
        var isMinor = false
    }

    var scale: Scale
    /// In the axis's unit, `low` < `high`.
    var low: Double
    var high: Double
    var ticks: [Tick]
    /// What it measures, for its end: `ms`.
    var unit: String

    /// From 0 at the low end to 1 at the high one; what lies beyond is put at the end.
    func position(_ value: Double) -> Double {
        let (low, high, value) = (scaled(low), scaled(high), scaled(value))
        let position = (value - low) / (high - low)
        return position.isFinite ? min(max(position, 0), 1) : 0
    }

    private func scaled(_ value: Double) -> Double {
        switch scale {
        case .linear: value
        case .logarithmic: Self.log10(max(value, 1e-9))
        case .nines: -Self.log10(max(1 - value, 1e-9))
        }
    }
}
