// SPDX-License-Identifier: Apache-2.0

/// How long something took, many times over.
struct MatchTimes {
    private let sorted: [Duration]

    /// Measures `body`, after a few runs that only warm up.
    init(runs: Int, _ body: () -> Void) {
        for _ in 0..<min(runs, 100) { body() }
        let clock = ContinuousClock()
        sorted = (0..<runs).map { _ in clock.measure(body) }.sorted()
    }

    /// One line of JSON, times in microseconds.
    var line: String {
        """
        {"runs":\(sorted.count),"p50_us":\(microseconds(0.5)),"p99_us":\(microseconds(0.99)),\
        "max_us":\(microseconds(1))}
        """
    }

    private func microseconds(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let time = sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
        return (Double(time.components.attoseconds) / 1e10 + Double(time.components.seconds) * 1e8).rounded() / 100
    }
}
