// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Gathers what a progress line shows, at next to no cost.
struct LiveGauge {
    /// How long figures "of the last seconds" are gathered.
    private static let window = 2 * Nanoseconds.second
    /// One gap in so many is looked at.
    private static let gapsPerSample = 8

    var figures = LiveFigures.Figures()
    private var firstTokens = Distribution()
    private var gaps = Distribution()
    private var gapsSeen = 0
    private var windowEnds: Nanoseconds = 0

    /// A read has brought content to a stream whose content before came at `last`; 0: this is the first.
    @inline(__always)
    mutating func noteContents(_ count: Int, _ stream: UnsafeMutablePointer<StreamState>, after last: Nanoseconds) {
        figures.contents += count
        if last == 0 {
            firstTokens.record(stream.pointee.firstContent - stream.pointee.planned)
        } else {
            gapsSeen &+= 1
            if gapsSeen % Self.gapsPerSample == 0 { gaps.record(stream.pointee.lastContent - last) }
        }
    }

    mutating func noteEnd(_ end: StreamEnd) {
        if end == .complete { figures.completed += 1 }
        if end.isFailure { figures.failed += 1 }
    }

    /// The figures by now; what there is no new figure of stays.
    mutating func read(elapsed: Nanoseconds, trust: borrowing TrustSignals) -> LiveFigures.Figures {
        figures.elapsed = elapsed
        if let median = firstTokens.percentile(0.5) { figures.firstTokenP50 = median }
        if let tail = firstTokens.percentile(0.99) { figures.firstTokenP99 = tail }
        if let median = gaps.percentile(0.5) { figures.gapP50 = median }
        if let tail = gaps.percentile(0.99) { figures.gapP99 = tail }
        figures.sendLagP99 = trust.sendLag.percentile(0.99) ?? 0
        figures.kernelToUserP99 = (trust.kernelToUser.percentile(0.99) ?? trust.loopLag.percentile(0.99)) ?? 0
        if elapsed >= windowEnds {
            windowEnds = elapsed + Self.window
            firstTokens = Distribution()
            gaps = Distribution()
        }
        return figures
    }
}
