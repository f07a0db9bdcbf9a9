// SPDX-License-Identifier: Apache-2.0

/// How a request of a run ended. The raw values are the names in reports.
public enum StreamEnd: String, CaseIterable, Sendable {
    case complete
    /// Still running when the run was over, or interrupted: no failure, and what had arrived counts.
    case cut
    /// Nobody listens, or no way there.
    case refused
    /// No connection within the time.
    case connectTimeOut = "connect_time_out"
    /// TLS could not be agreed on, or the server's certificate is not trusted.
    case handshake
    /// The server does not agree to HTTP/2.
    case noHTTP2 = "no_http2"
    /// The server speaks HTTP/2, and its settings allow no stream.
    case noStreams = "no_streams"
    /// This machine ran out of ports or descriptors.
    case exhausted
    case reset
    /// No byte for too long.
    case timeOut = "time_out"
    /// A status other than 200; which one is counted beside.
    case status
    /// The answer is no stream of the target's format, or breaks HTTP's rules.
    case notAStream = "not_a_stream"
    /// The body ended, properly or not, and the format's terminator had not come.
    case truncated
    /// Only the connection's end could end the body, and TLS ended without close_notify: perhaps that was not all.
    case noCloseNotify = "no_close_notify"
    /// The server told an error within the stream.
    case errorEvent = "error_event"
    /// Breaks the grammar of the stream: an event that is no JSON, invalid UTF-8, data after the terminator.
    case grammar
    case repeatedIDs = "repeated_ids"
    case lostIDs = "lost_ids"
    /// A whole stream without a single token.
    case empty

    public var isFailure: Bool { self != .complete && self != .cut }
}
