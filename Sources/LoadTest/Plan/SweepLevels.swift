// SPDX-License-Identifier: Apache-2.0

/// The loads of a sweep, from the least to the most: streams, or requests a second.
public struct SweepLevels: Equatable, Sendable {
    public let values: [Double]

    private static let example = "10..1000 (doubling), 10..1000x1.5 or 10,20,50"
    private static let most = 200

    /// - Parameter text: `10..1000` doubles, `10..1000x1.5` takes that factor; the end is the last level. Or a list.
    public init(_ text: String) throws(PlanProblem) {
        let values = text.contains("..") ? Self.range(text) : Self.list(text)
        guard let values, !values.isEmpty, values.count <= Self.most else {
            throw PlanProblem(
                "the sweep '\(text)' is neither a range nor a list of at most \(Self.most) rising numbers above 0",
                example: Self.example
            )
        }
        self.values = values
    }

    private static func list(_ text: String) -> [Double]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap { PlanText.decimal(PlanText.trimmed($0)) }.filter(isLoad)
        let isRising = zip(values, values.dropFirst()).allSatisfy(<)
        return values.count == parts.count && isRising ? values : nil
    }

    private static func range(_ text: String) -> [Double]? {
        let parts = text.split(separator: "x", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let (low, high) = ends(first),
            let factor = parts.count > 1 ? PlanText.decimal(parts[1]) : 2, factor > 1.001
        else { return nil }
        var values = [low]
        while let last = values.last, last < high, values.count <= most {
            // Streams come whole: a level of 15.1875 of them is none.
            let next = low.rounded() == low ? max((last * factor).rounded(), last + 1) : last * factor
            values.append(min(next, high))
        }
        return values
    }

    /// Of `0.5..8`, whose ends have dots of their own.
    private static func ends(_ text: Substring) -> (low: Double, high: Double)? {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index...].hasPrefix("..") {
                guard let low = PlanText.decimal(text[..<index]),
                    let high = PlanText.decimal(text[index...].dropFirst(2)), isLoad(low),
                    isLoad(high), low <= high
                else { return nil }
                return (low, high)
            }
            index = text.index(after: index)
        }
        return nil
    }

    private static func isLoad(_ value: Double) -> Bool { value > 0 && value <= RequestRate.most }
}
