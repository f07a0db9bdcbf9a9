// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LoadTest

/// Tells how a run goes, on standard error: a line that is drawn again on a terminal, a line now and then elsewhere.
struct BenchProgress {
    /// Between two lines where nobody draws over them, in seconds.
    private static let spacing = 5.0

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var lastLine = 0.0
    private var last = LiveFigures.Figures()

    /// How often ``show(_:load:)`` wants to be called, in milliseconds.
    var interval: Int { isTerminal ? 250 : 1000 }

    mutating func show(_ figures: LiveFigures.Figures, load: String) {
        let elapsed = Double(figures.elapsed) / 1e9
        guard isTerminal || elapsed - lastLine >= Self.spacing else { return }
        let line = line(figures, load: load, elapsed: elapsed)
        // A line that wraps could not be drawn over.
        write(isTerminal ? "\r\u{1B}[2K\(line.prefix(columns - 1))" : "\(line)\n")
        lastLine = elapsed
        last = figures
    }

    /// The run is over: what follows begins on a line of its own.
    func end() {
        if isTerminal { write("\r\u{1B}[2K") }
    }

    private func line(_ figures: LiveFigures.Figures, load: String, elapsed: Double) -> String {
        let span = max(Double(figures.elapsed - last.elapsed) / 1e9, 0.001)
        let rate = Double(max(figures.contents - last.contents, 0)) / span
        var parts = [
            "\(Int(elapsed))s", load, "\(figures.running) running", "\(figures.completed) done",
            "\(Int(rate.rounded())) tokens/s",
        ]
        if figures.failed > 0 { parts.append("\(figures.failed) failed") }
        if figures.firstTokenP50 > 0 {
            parts.append("ttft \(ms(figures.firstTokenP50))/\(ms(figures.firstTokenP99))")
        }
        if figures.gapP50 > 0 { parts.append("gap \(ms(figures.gapP50))/\(ms(figures.gapP99)) ms p50/p99") }
        parts.append("client lag \(ms(max(figures.sendLagP99, figures.kernelToUserP99)))")
        return (figures.isWarmingUp ? "warm-up: " : "") + parts.joined(separator: " · ")
    }

    /// Of the terminal, at least 2.
    private var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
        return Int(size.ws_col)
    }

    private func ms(_ time: Int64) -> String {
        let tenths = (time + 50_000) / 100_000
        return tenths >= 1000 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
