// SPDX-License-Identifier: Apache-2.0

/// What a run measures. The raw values are the names in reports and of `--assert`.
///
/// Those of a request come twice: from its planned time, which is the headline, since it holds what the client's own queue
/// cost, and, with `_send`, from the write of its last byte.
public enum Metric: String, CaseIterable, Sendable {
    /// Planned time to write: the wait for a place, for the connection, and this client's own lateness.
    case queue
    /// Of new connections only.
    case connect
    /// To the first byte of the response.
    case firstByte = "ttfb"
    case firstByteFromSend = "ttfb_send"
    /// To the first event of any kind.
    case firstEvent = "ttfe"
    case firstEventFromSend = "ttfe_send"
    /// To the first event with content.
    case firstToken = "ttft"
    case firstTokenFromSend = "ttft_send"
    /// To the first event with text that is shown, where reasoning came before it.
    case firstVisible = "ttfvt"
    case firstVisibleFromSend = "ttfvt_send"
    /// From the first event with content to the second.
    case secondToken = "ttst"
    /// Between two events with content, of all streams.
    case gap
    /// The longest gap of each stream.
    case longestGap = "max_gap"
    /// Gaps longer than the plan's stall.
    case stall
    /// Per stream: the time between tokens, (last − first content) ÷ (tokens − 1).
    case timePerToken = "tpot"
    /// Mean difference of one gap to the next, per stream.
    case jitter
    /// How far the stream fell behind a reader of constant speed that began with the first token, at worst.
    case readerBuffer = "reader_buffer"
    /// The part of a stream's time that this reader waited, in millionths.
    case rebuffer
    /// Tokens a second of each stream, in thousandths.
    case tokenRate = "tps_user"
    /// To the last content.
    case endToEnd = "e2e"
    case endToEndFromSend = "e2e_send"
    /// From the last content to the end of the stream.
    case close
    /// Behind the server's own schedule, never below 0, each event with content.
    case lateness = "late"

    public enum Unit: String, Sendable {
        case milliseconds = "ms"
        case millionths = "ppm"
        case thousandths = "per_second"

        /// What a ``Distribution``, which counts in thousandths of a microsecond, keeps for one of it.
        public var scale: Double {
            switch self {
            case .milliseconds, .thousandths: 1e6
            case .millionths: 1e3
            }
        }
    }

    /// What its values are told in; within, times are nanoseconds.
    public var unit: Unit {
        switch self {
        case .rebuffer: .millionths
        case .tokenRate: .thousandths
        default: .milliseconds
        }
    }
}
