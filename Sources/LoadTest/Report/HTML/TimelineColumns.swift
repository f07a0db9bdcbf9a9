// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// A timeline in as many columns as a picture has room for. Times in ms, rates a second.
struct TimelineColumns: Sendable {
    struct Column: Equatable, Sendable {
        var streams = 0.0
        var contentRate = 0.0
        var failed = 0.0
        var longestGap = 0.0
        /// Of the first tokens that came; nil: none did.
        var firstTokenMean: Double?
        var firstTokenMost: Double?
    }

    /// In seconds.
    let width: Double
    let columns: [Column]

    init(_ timeline: Timeline, atMost most: Int = 150) {
        let group = max(1, (timeline.windows.count + most - 1) / most)
        let width = max(Double(timeline.width) / 1e9, 1e-3) * Double(group)
        self.width = width
        columns = stride(from: 0, to: timeline.windows.count, by: group).map { start in
            Self.column(timeline.windows[start..<min(start + group, timeline.windows.count)], seconds: width)
        }
    }

    var seconds: Double { width * Double(columns.count) }

    private static func column(_ windows: ArraySlice<Timeline.Window>, seconds: Double) -> Column {
        var column = Column()
        var (firstTokens, sum, most) = (0.0, 0.0, 0.0)
        for window in windows {
            column.streams = max(column.streams, Double(window.streams))
            column.contentRate += Double(window.contents) / seconds
            column.failed += Double(window.failed)
            column.longestGap = max(column.longestGap, Double(window.longestGap) / 1e6)
            firstTokens += Double(window.firstTokens)
            sum += Double(window.firstTokenSum) / 1e6
            most = max(most, Double(window.firstTokenMax) / 1e6)
        }
        if firstTokens > 0 { (column.firstTokenMean, column.firstTokenMost) = (sum / firstTokens, most) }
        return column
    }
}
