// SPDX-License-Identifier: Apache-2.0

/// The latest times to first token of a target, in nanoseconds.
struct FirstTokenTimes: Sendable {
    /// Enough for a 99th percentile, and few enough to sort for each request that wants one.
    private static let most = 256
    /// Of fewer values no percentile says anything.
    private static let fewest = 20

    private var values: [Int64] = []
    /// The oldest value once there are ``most``.
    private var oldest = 0

    mutating func observe(_ value: Int64) {
        guard values.count == Self.most else { return values.append(value) }
        values[oldest] = value
        oldest = (oldest + 1) % Self.most
    }

    /// The nearest rank: a value that was measured, never one in between.
    /// - Parameter p: 0 to 100; what is beyond counts as the nearer end.
    /// - Returns: Nil where fewer than 20 values were measured.
    func percentile(_ p: Double) -> Int64? {
        values.count < Self.fewest ? nil : ranked(p)
    }

    /// Nil only before the first value.
    var median: Int64? { values.isEmpty ? nil : ranked(50) }

    private func ranked(_ p: Double) -> Int64 {
        let share = p > 0 ? min(p, 100) / 100 : 0
        let rank = Int((share * Double(values.count)).rounded(.up))
        return values.sorted()[max(rank, 1) - 1]
    }
}
