// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension Axis {
    /// From 0 to the next round number, in steps of 1, 2 or 5 times a power of ten.
    /// - Parameter isWhole: Counts things: no step is below 1.
    static func linear(to most: Double, unit: String, steps: Int = 5, isWhole: Bool = false) -> Axis {
        let most = most.isFinite && most > 0 ? min(max(most, 1e-6), 1e15) : 1
        let step = max(roundStep(most / Double(steps)), isWhole ? 1 : 0)
        let count = max(1, Int((most / step - 1e-9).rounded(.up)))
        let digits = step >= 1 ? 0 : Int((-log10(step)).rounded(.up))
        let ticks = (0...count).map { index in
            Tick(
                value: Double(index) * step,
                label: index == 0 ? "0" : Figure.fixed(Double(index) * step, digits: digits)
            )
        }
        return Axis(scale: .linear, low: 0, high: Double(count) * step, ticks: ticks, unit: unit)
    }

    /// Powers of ten, and 2 and 5 times them where they are few, around what is between `least` and `most`.
    static func logarithmic(from least: Double, to most: Double, unit: String) -> Axis {
        let most = most.isFinite && most > 0 ? min(most, 1e12) : 1
        let least = least.isFinite && least > 0 ? min(max(least, 1e-4), most) : most / 10
        let low = pow(10, (log10(least) + 1e-9).rounded(.down))
        var high = low
        while high < most * (1 - 1e-9) { high = nextRound(high) }
        if high == low { high = low * 10 }
        let isLong = high / low > 1_001
        var ticks: [Tick] = []
        var value = low
        while value <= high * 1.000_001 {
            let isPower = isPowerOfTen(value)
            if isPower || !isLong {
                ticks.append(Tick(value: value, label: PageNumbers.tick(value), isMinor: !isPower))
            }
            value = nextRound(value)
        }
        return Axis(scale: .logarithmic, low: low, high: high, ticks: ticks, unit: unit)
    }

    /// Percentiles, as far as so many samples can tell them apart, 99.99 at most.
    static func nines(samples: Int) -> Axis {
        let nines = min(max(log10(Double(max(samples, 1))), 1), 4)
        let ticks = [(0, "0"), (0.5, "50"), (0.9, "90"), (0.99, "99"), (0.999, "99.9"), (0.9999, "99.99")]
            .filter { -log10(1 - $0.0) <= nines + 1e-6 }
            .map { Tick(value: $0.0, label: $0.1) }
        return Axis(scale: .nines, low: 0, high: 1 - pow(10, -nines), ticks: ticks, unit: "percentile")
    }

    /// Since the run's start, given in seconds; told in ms, minutes or hours where these suit better.
    static func time(to seconds: Double, since: String) -> Axis {
        let (size, name) =
            switch seconds {
            case ..<2: (0.001, "ms")
            case ..<180: (1.0, "s")
            case ..<10_800: (60.0, "min")
            default: (3_600.0, "h")
            }
        let round = linear(to: seconds / size, unit: "\(name) since \(since)", steps: 8)
        // Ends with the data, not with the next round number: time is wide, and emptiness says that nothing happened.
        let high = seconds.isFinite && seconds > 0 ? min(seconds, 1e15) : 1
        let ticks = round.ticks.enumerated()
            .map { Tick(value: $1.value * size, label: $1.label, isMinor: $0 % 2 == 1) }
            .filter { $0.value <= high * 1.000_001 }
        return Axis(scale: .linear, low: 0, high: high, ticks: ticks, unit: round.unit)
    }

    /// One place for each of the names.
    static func levels(_ names: [String], unit: String) -> Axis {
        let sparse = max(1, names.count / 7)
        let ticks = names.enumerated().map { Tick(value: Double($0), label: $1, isMinor: $0 % sparse != 0) }
        return Axis(scale: .linear, low: -0.5, high: Double(max(names.count, 1)) - 0.5, ticks: ticks, unit: unit)
    }

    /// For times in ms: linear from 0; where the greatest would leave the usual one no room, logarithmic.
    static func latency(typical: Double, least: Double, most: Double) -> Axis {
        typical > 0 && most / typical > 15
            ? logarithmic(from: max(least, most / 1e5), to: most, unit: "ms") : linear(to: most, unit: "ms")
    }

    static func log10(_ value: Double) -> Double {
        Glibc.log10(value)
    }

    /// The least of 1, 2 or 5 times a power of ten that is not below `step`.
    private static func roundStep(_ step: Double) -> Double {
        let power = pow(10, (log10(step) + 1e-9).rounded(.down))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= step * (1 - 1e-9) } ?? 10 * power
    }

    /// 1, 2, 5, 10, 20, …
    private static func nextRound(_ value: Double) -> Double {
        let power = pow(10, (log10(value) + 1e-9).rounded(.down))
        return [2, 5, 10].map { $0 * power }.first { $0 > value * 1.01 } ?? 10 * power
    }

    private static func isPowerOfTen(_ value: Double) -> Bool {
        let power = log10(value)
        return (power - power.rounded()).magnitude < 1e-6
    }
}
