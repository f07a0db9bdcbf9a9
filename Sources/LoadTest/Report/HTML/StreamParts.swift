// SPDX-License-Identifier: Apache-2.0

/// The life of a stream in pieces, for a row of a waterfall. Times in ms since the run's start.
struct StreamParts: Equatable, Sendable {
    /// A part of the typing, and the longest gap in it.
    struct Piece: Equatable, Sendable {
        var from: Double
        var to: Double
        var gap: Double
    }

    let planned: Double
    /// Nil: did not come to it.
    let sent: Double?
    let firstContent: Double?
    let pieces: [Piece]
    /// Of what is known of it.
    let end: Double

    init(_ sketch: StreamSketch) {
        func instant(_ time: Int64) -> Double? { time > 0 ? Double(sketch.planned) / 1e6 + Double(time) / 1e6 : nil }
        planned = Double(sketch.planned) / 1e6
        sent = instant(sketch.sent)
        firstContent = instant(sketch.firstContent)
        let last = instant(sketch.lastContent)
        end = max(planned, sent ?? planned, firstContent ?? planned, last ?? planned)
        if let firstContent, let last, last > firstContent {
            pieces = Self.pieces(sketch, from: firstContent, to: last)
        } else {
            pieces = []
        }
    }

    /// A sketch tells only the longest gap of each part of the events. So each part gets that gap's time, and what is left
    /// of the stream's time is shared out evenly.
    private static func pieces(_ sketch: StreamSketch, from start: Double, to end: Double) -> [Piece] {
        let gaps = sketch.gaps.prefix(64).map { max(Double($0) / 1e6, 0) }
        let whole = end - start
        let longest = gaps.reduce(0, +)
        guard longest > 0 else { return [Piece(from: start, to: end, gap: 0)] }
        let scale = longest > whole ? whole / longest : 1
        let rest = max(whole - longest, 0) / Double(gaps.count)
        var from = start
        return gaps.map { gap in
            defer { from += gap * scale + rest }
            return Piece(from: from, to: from + gap * scale + rest, gap: gap)
        }
    }
}
