// SPDX-License-Identifier: Apache-2.0

/// What a connection of HTTP/2 may ask for.
public struct HTTP2Limits: Equatable, Sendable {
    /// h2 is offered to who speaks TLS (ALPN).
    public var isOffered = true
    /// h2c: who speaks plainly may begin with HTTP/2's preface (RFC 9113, section 3.3).
    public var takesPriorKnowledge = false
    /// Streams at once on one connection (`SETTINGS_MAX_CONCURRENT_STREAMS`); one more is refused.
    public var streams = 100
    /// Streams that a client may reset within 30 seconds: more is an attack (CVE-2023-44487).
    public var resets = 200
    /// PING, SETTINGS and PRIORITY frames that a client may send within 30 seconds.
    public var controlFrames = 200

    public init() {}
}
