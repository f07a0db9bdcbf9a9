// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Which streams a record shows in outline: the worst, and some drawn evenly from all.
///
/// What is drawn depends on the streams' numbers alone, not on the order in which they end: each number has a lot, and the
/// lowest lots win. So the draw of two records together is the draw of their union.
enum StreamSelection {
    static let mostWorst = 5
    static let mostSamples = 40

    static func isWorse(_ one: StreamSketch, than other: StreamSketch) -> Bool {
        (one.longestGap, other.number) > (other.longestGap, one.number)
    }

    static func lot(of number: Int) -> UInt64 {
        var generator = SeededGenerator(seed: UInt64(truncatingIfNeeded: number))
        return generator.next()
    }

    /// The worst of both, worst first.
    static func worst(_ sketches: [StreamSketch]) -> [StreamSketch] {
        Array(sketches.sorted(by: isWorse).prefix(mostWorst))
    }

    /// The lowest lots, by number.
    static func samples(_ sketches: [StreamSketch]) -> [StreamSketch] {
        let drawn = sketches.sorted { (lot(of: $0.number), $0.number) < (lot(of: $1.number), $1.number) }
        return drawn.prefix(mostSamples).sorted { $0.number < $1.number }
    }
}
