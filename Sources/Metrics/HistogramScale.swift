// SPDX-License-Identifier: Apache-2.0

/// What a histogram measures, and so its bounds: ``least`` nanoseconds, doubled ``bounds`` − 1 times.
public enum HistogramScale: Sendable {
    /// How long a short piece of work takes: 1 µs to 0.13 s.
    case append
    /// How late something is: 62.5 µs to 8.2 s.
    case lag
    /// What a reader waits for: 1 ms to 131 s.
    case wait
    /// How long a whole call takes: 8 ms to 17 min.
    case call

    /// How many finite bounds each scale has.
    public static let bounds = 18

    /// The lowest bound, in nanoseconds. Powers of two of a round unit are found without a search and still read well.
    public var least: Int64 {
        switch self {
        case .append: 1000
        case .lag: 62_500
        case .wait: 1_000_000
        case .call: 8_000_000
        }
    }

    /// The bound with the number `index`, in seconds; it belongs to its own bucket.
    public func seconds(at index: Int) -> Double {
        Double(least << Int64(index)) / 1e9
    }
}
