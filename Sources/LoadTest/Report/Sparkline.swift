// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Values as a row of small bars.
enum Sparkline {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// One bar a value; `highest` fills it.
    static func text(_ values: [Nanoseconds], highest: Nanoseconds) -> String {
        String(
            values.map { value in
                guard highest > 0 else { return bars[0] }
                let height = Double(value) / Double(highest) * Double(bars.count)
                return bars[Int(min(max(height.rounded(.up), 1), Double(bars.count))) - 1]
            }
        )
    }
}
