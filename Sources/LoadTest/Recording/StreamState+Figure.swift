// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension StreamState {
    /// What the stream's own value of a metric is, as a Distribution keeps it; nil where it has none. Of `gap` it is the
    /// mean gap, of `stall` the time of all stalls.
    ///
    /// - Parameter time: The end of the stream.
    func figure(_ metric: Metric, endedAt time: Nanoseconds) -> Nanoseconds? {
        switch metric {
        case .queue: sent == 0 ? nil : sent - planned
        case .connect: connectBegan == 0 || connected == 0 ? nil : connected - connectBegan
        case .firstByte: since(planned, firstByte)
        case .firstByteFromSend: since(sent, firstByte)
        case .firstEvent: since(planned, firstEvent)
        case .firstEventFromSend: since(sent, firstEvent)
        case .firstToken: since(planned, firstContent)
        case .firstTokenFromSend: since(sent, firstContent)
        case .firstVisible: hasReasoning ? since(planned, firstVisible) : nil
        case .firstVisibleFromSend: hasReasoning ? since(sent, firstVisible) : nil
        case .secondToken: since(firstContent, secondContent)
        case .endToEnd: since(planned, lastContent)
        case .endToEndFromSend: since(sent, lastContent)
        case .close: since(lastContent, time)
        default: cadenceFigure(metric)
        }
    }

    /// Of the contents among themselves: there is none of a single one.
    private func cadenceFigure(_ metric: Metric) -> Nanoseconds? {
        guard contents > 1 else { return nil }
        let span = lastContent - firstContent
        return switch metric {
        case .gap: span / Nanoseconds(contents - 1)
        case .longestGap: longestGap
        case .stall: stalled
        case .timePerToken: intervals.map { span / $0 }
        case .jitter: contents > 2 ? gapChanges / Nanoseconds(contents - 2) : nil
        case .readerBuffer: readerBehind
        case .rebuffer:
            span == 0 ? 0 : Nanoseconds(1e6 * Metric.Unit.millionths.scale * Double(readerWaited) / Double(span))
        case .tokenRate: span == 0 ? nil : intervals.map { Self.rate(of: $0, in: span) }
        default: nil
        }
    }

    /// How many tokens came after the first; by the server's count, where it told one.
    private var intervals: Nanoseconds? {
        let count = Nanoseconds(tokens > 0 ? tokens : contents) - 1
        return count > 0 ? count : nil
    }

    private static func rate(of tokens: Nanoseconds, in span: Nanoseconds) -> Nanoseconds {
        let perSecond = Double(tokens) * Double(Nanoseconds.second) / Double(span)
        return Nanoseconds(min(perSecond * Metric.Unit.thousandths.scale, Double(Distribution.longest)))
    }

    /// Nil where one of them has not happened.
    private func since(_ start: Nanoseconds, _ end: Nanoseconds) -> Nanoseconds? {
        start == 0 || end == 0 ? nil : end - start
    }
}
