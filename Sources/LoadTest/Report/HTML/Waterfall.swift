// SPDX-License-Identifier: Apache-2.0

/// Sample streams below one another: when each waited, and how evenly it typed.
struct Waterfall: Sendable {
    private static let row = 14.0
    private static let most = 40

    private let streams: [(sketch: StreamSketch, parts: StreamParts)]
    /// Up to which gap each shade goes, in ms; the last one's are stalls.
    private let shades: [Double]
    /// Streams are too short to be seen in so long a run: all begin at 0.
    private let isAligned: Bool

    /// - Parameters:
    ///   - median: Of all gaps, in ms.
    ///   - stall: From when on a gap is one, in ms.
    init(_ sketches: [StreamSketch], median: Double, stall: Double) {
        streams = sketches.prefix(Self.most).map { ($0, StreamParts($0)) }
        let usual = median < stall ? min(2 * median, (median + stall) / 2) : stall
        shades = [usual, (usual * stall).squareRoot(), stall]
        let run = streams.map(\.parts.end).max() ?? 0
        let longest = streams.map { $0.parts.end - $0.parts.planned }.max() ?? 0
        isAligned = longest * 12 < run
    }

    /// Nil without streams.
    func chart(_ caption: String) -> Chart? {
        guard !streams.isEmpty else { return nil }
        let last = streams.map { $0.parts.end - origin($0.parts) }.max() ?? 0
        let x = Axis.time(to: last / 1e3 * 1.02, since: isAligned ? "each was planned" : "the run’s start")
        var plot = Plot(words, x: x, y: nil, height: Double(streams.count) * Self.row + 4)
        draw(on: &plot)
        var chart = Chart(caption, note: note, plot: plot)
        chart.keys = keys
        chart.isWide = true
        return chart
    }

    private func draw(on plot: inout Plot) {
        var boxes: [String: [Plot.Box]] = [:]
        for (index, stream) in streams.enumerated() {
            let top = Double(index) * Self.row + 4
            for (look, box) in pieces(of: stream.parts, top: top) { boxes[look, default: []].append(box) }
        }
        for (look, list) in boxes.sorted(by: { $0.key < $1.key }) { plot.boxes(list, look) }
        for (index, stream) in streams.enumerated() {
            let top = Double(index) * Self.row + 4
            let end = (stream.parts.end - origin(stream.parts)) / 1e3
            plot.text("\(stream.sketch.number)", x: 0, y: top + 8, dx: -8, "tick end")
            if stream.sketch.end != .complete {
                draw(stream.sketch.end, of: stream.parts, end: end, y: top + 8, on: &plot)
            }
            plot.hint(hint(stream.sketch), from: plot.x.low, to: plot.x.high, top: top - 3, height: Self.row)
        }
    }

    /// A sign where the stream ended, and the word where there is room: behind it, or before its begin.
    private func draw(_ end: StreamEnd, of parts: StreamParts, end time: Double, y: Double, on plot: inout Plot) {
        let look = end.isFailure ? "sign bad" : "sign"
        let sign = end.isFailure ? "✕" : "▸"
        if plot.x.position(time) < 0.8 {
            plot.text("\(sign) \(PageWords.end(end))", x: time, y: y, dx: 3, look)
        } else {
            let begin = (parts.planned - origin(parts)) / 1e3
            plot.text(sign, x: time, y: y, dx: 3, look)
            if plot.x.position(begin) > 0.2 { plot.text(PageWords.end(end), x: begin, y: y, dx: -5, look + " end") }
        }
    }

    private func pieces(of parts: StreamParts, top: Double) -> [(String, Plot.Box)] {
        let origin = origin(parts)
        func box(_ from: Double, _ to: Double, height: Double) -> Plot.Box {
            Plot.Box(
                from: (from - origin) / 1e3,
                to: (to - origin) / 1e3,
                top: top + (8 - height) / 2,
                height: height,
                leastWidth: 0.8
            )
        }
        var boxes: [(String, Plot.Box)] = []
        if let sent = parts.sent {
            if sent > parts.planned { boxes.append(("queue", box(parts.planned, sent, height: 2))) }
            if let first = parts.firstContent { boxes.append(("wait", box(sent, first, height: 5))) }
        }
        var open: (shade: String, from: Double, to: Double)?
        for piece in parts.pieces {
            let shade = shade(piece.gap)
            if let last = open, last.shade == shade {
                open = (shade, last.from, piece.to)
            } else {
                if let last = open { boxes.append((last.shade, box(last.from, last.to, height: 8))) }
                open = (shade, piece.from, piece.to)
            }
        }
        if let last = open { boxes.append((last.shade, box(last.from, last.to, height: 8))) }
        if let first = parts.firstContent, parts.pieces.isEmpty {
            boxes.append(("shade0", box(first, first, height: 8)))
        }
        return boxes
    }

    private func origin(_ parts: StreamParts) -> Double { isAligned ? parts.planned : 0 }

    private func shade(_ gap: Double) -> String {
        "shade\(shades.firstIndex { gap <= $0 } ?? shades.count)"
    }

    private var keys: [Chart.Key] {
        [
            Chart.Key(name: "waits to be sent", look: "queue"),
            Chart.Key(name: "waits for its first token", look: "wait", isBox: true),
        ]
            + shades.enumerated().map {
                Chart.Key(name: "types, gaps up to \(Figure.short($1)) ms", look: "shade\($0)", isBox: true)
            } + [Chart.Key(name: "stalls", look: "shade3", isBox: true)]
    }

    private var note: String {
        "Drawn evenly from all requests, by number. A piece has the shade of its longest gap."
            + (isAligned ? " Each begins at its own planned send, since a stream is short in so long a run." : "")
    }

    private func hint(_ sketch: StreamSketch) -> String {
        let first = sketch.firstContent > 0 ? "first token after \(Figure.time(sketch.firstContent))" : "no token"
        return "Request \(sketch.number), planned at \(Figure.short(Double(sketch.planned) / 1e9)) s: \(first), "
            + "\(Figure.count(sketch.contents)) tokens, longest gap \(Figure.time(sketch.longestGap)), "
            + PageWords.end(sketch.end)
    }

    private var words: String {
        let stalled = streams.count { $0.parts.pieces.contains { $0.gap > (shades.last ?? 0) } }
        let broken = streams.count { $0.sketch.end.isFailure }
        return "Waterfall of \(streams.count) sample streams: \(stalled) of them stalled, \(broken) failed."
    }
}
