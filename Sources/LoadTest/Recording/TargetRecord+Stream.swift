// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension TargetRecord {
    /// Counts the end of a stream.
    mutating func count(_ state: StreamState, as end: StreamEnd, status: Int) {
        ends[end, default: 0] += 1
        if end == .status { statuses[min(max(status, 0), 999), default: 0] += 1 }
        if state.contents > 0 { streamsWithContent += 1 }
        if state.stalls > 0 { stalledStreams += 1 }
        if state.lacksBodyEnd { endlessBodies += 1 }
        if state.tokens > 0 {
            tokens &+= Int(state.tokens)
            streamsWithTokens += 1
        }
    }

    /// Adds a stream's own figures: of one that was cut, those of its beginning, since what it would have come to is
    /// unknown.
    mutating func measure(_ state: StreamState, isWhole: Bool, endedAt time: Nanoseconds) {
        for metric in isWhole ? Self.ofWholeStreams : Self.ofBeginnings {
            if let figure = state.figure(metric, endedAt: time) { record(metric, figure) }
        }
    }

    /// Whether a stream is to be shown in outline: so that outlines are made of few.
    func shows(_ state: StreamState) -> Bool {
        let isSample =
            samples.count < StreamSelection.mostSamples
            || samples.contains { StreamSelection.lot(of: $0.number) > StreamSelection.lot(of: state.order.number) }
        return isSample || isWorst(state.longestGap)
    }

    mutating func show(_ sketch: StreamSketch) {
        if isWorst(sketch.longestGap) { worst = StreamSelection.worst(worst + [sketch]) }
        samples = StreamSelection.samples(samples + [sketch])
    }

    private func isWorst(_ longestGap: Nanoseconds) -> Bool {
        guard longestGap > 0 else { return false }
        return worst.count < StreamSelection.mostWorst || longestGap >= worst[worst.count - 1].longestGap
    }

    private static let ofBeginnings: [Metric] = [
        .queue, .connect, .firstByte, .firstByteFromSend, .firstEvent, .firstEventFromSend, .firstToken,
        .firstTokenFromSend, .firstVisible, .firstVisibleFromSend, .secondToken,
    ]
    private static let ofWholeStreams =
        ofBeginnings + [
            .longestGap, .timePerToken, .jitter, .readerBuffer, .rebuffer, .tokenRate, .endToEnd, .endToEndFromSend,
            .close,
        ]
}
