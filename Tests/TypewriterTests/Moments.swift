// SPDX-License-Identifier: Apache-2.0

/// What many draws have in common.
struct Moments {
    let mean: Double
    let deviation: Double
    let least: Double
    let greatest: Double

    init(_ draws: [Double]) {
        let mean = draws.reduce(0, +) / Double(draws.count)
        self.mean = mean
        deviation = (draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count)).squareRoot()
        least = draws.min() ?? .nan
        greatest = draws.max() ?? .nan
    }
}
