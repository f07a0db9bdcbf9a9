// SPDX-License-Identifier: Apache-2.0

extension Metric {
    /// What a reader is told values in: `ms`, `%` or `1/s`.
    var unitName: String {
        switch unit {
        case .milliseconds: "ms"
        case .millionths: "%"
        case .thousandths: "1/s"
        }
    }

    /// What a distribution keeps for one ``unitName``.
    var scale: Double { unit == .millionths ? unit.scale * 1e4 : unit.scale }

    /// Less of it is better for who reads.
    var isBetterLow: Bool { self != .tokenRate }

    /// By less than this, in its ``unitName``, runs of one load differ on one machine: a moment's want of the processor hits
    /// all streams that run then, and so is no chance among many. A scheduler's tick is 4 ms; what streams average is exact
    /// to 0.2 ms.
    var leastChange: Double {
        switch self {
        case .longestGap, .stall, .readerBuffer: 5
        case .gap, .timePerToken: 0.2
        default: unit == .milliseconds ? 0.5 : 0
        }
    }

    /// Streams have many samples each, which are alike: they count for less than as many that know nothing of each other.
    var isPooled: Bool {
        switch self {
        case .gap, .stall, .lateness: true
        default: false
        }
    }

    /// What the figures of a report's table say.
    var words: String {
        switch self {
        case .queue: "planned to sent"
        case .connect: "new connections"
        case .firstByte: "first byte"
        case .firstEvent: "first event"
        case .firstToken: "first token, since planned"
        case .firstVisible: "first text that is shown"
        case .firstByteFromSend, .firstEventFromSend, .firstTokenFromSend, .firstVisibleFromSend, .endToEndFromSend:
            "the same, since sent"
        case .secondToken: "first token to second"
        case .gap: "token to token"
        case .longestGap: "longest gap of a stream"
        case .stall: "gaps that are stalls"
        case .timePerToken: "a stream's time per token"
        case .jitter: "from gap to gap"
        case .readerBuffer: "behind a steady reader"
        case .rebuffer: "% a steady reader waits"
        case .tokenRate: "tokens a second of a user"
        case .endToEnd: "planned to last token"
        case .close: "last token to end"
        case .lateness: "behind the schedule"
        }
    }
}
