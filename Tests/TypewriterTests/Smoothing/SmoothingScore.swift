// SPDX-License-Identifier: Apache-2.0

/// How well a trace was shown: less is better in each figure.
struct SmoothingScore {
    /// Milliseconds from the arrival of a byte until it was shown.
    let medianLag: Double
    let highLag: Double
    let endLag: Double
    /// Gaps of more than 300 ms between what was shown.
    let stalls: Double
    /// Coefficient of variation of these gaps.
    let unevenness: Double

    init(_ shown: [SmoothingPolicy.Shown], of trace: Trace) {
        let arrivals = trace.deltas.flatMap { [Double](repeating: $0.time, count: $0.text.utf8.count) }
        var lags: [Double] = []
        for piece in shown {
            lags += arrivals[lags.count..<piece.end].map { piece.time - $0 }
        }
        endLag = lags.last ?? 0
        lags.sort()
        medianLag = lags[lags.count / 2]
        highLag = lags[lags.count * 99 / 100]
        let gaps = zip(shown, shown.dropFirst()).map { $1.time - $0.time }
        stalls = Double(gaps.filter { $0 > 300 }.count)
        let moments = Moments(gaps)
        unevenness = moments.deviation / moments.mean
    }

    init(meanOf scores: [Self]) {
        func mean(_ figure: (Self) -> Double) -> Double {
            scores.reduce(0) { $0 + figure($1) } / Double(scores.count)
        }
        (medianLag, highLag, endLag) = (mean(\.medianLag), mean(\.highLag), mean(\.endLag))
        (stalls, unevenness) = (mean(\.stalls), mean(\.unevenness))
    }

    private var figures: [Double] { [medianLag, highLag, endLag, stalls, unevenness] }

    /// No figure is worse, and one is better.
    func dominates(_ other: Self) -> Bool {
        let pairs = zip(figures, other.figures)
        return pairs.allSatisfy { $0 <= $1 } && pairs.contains { $0 < $1 }
    }

    /// The figures as cells of a Markdown table.
    var cells: String {
        let lags = [medianLag, highLag, endLag].map { "\(Int($0.rounded()))" }.joined(separator: " | ")
        let others = [stalls, unevenness].map { "\(($0 * 100).rounded() / 100)" }.joined(separator: " | ")
        return "\(lags) | \(others)"
    }
}
