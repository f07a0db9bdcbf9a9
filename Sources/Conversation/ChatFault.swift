// SPDX-License-Identifier: Apache-2.0

/// Why an answer is not whole, in words that a client may see: no key, no prompt.
public struct ChatFault: Error, Equatable, Sendable {
    /// The raw values are the stable names on the wire.
    public enum Kind: String, Sendable {
        case upstreamRefused = "upstream_refused"
        case upstreamStatus = "upstream_status"
        case upstreamReset = "upstream_reset"
        case upstreamTimeout = "upstream_timeout"
        case upstreamProtocol = "upstream_protocol"
        case upstreamError = "upstream_error"
        case truncated
        case cancelled
        case overloaded
        case `internal`
    }

    /// The clocks that limit an upstream.
    public enum Clock: String, Sendable {
        case connect
        case firstToken = "first_token"
        case idle
        case total
    }

    public var kind: Kind
    /// What went wrong and, where there is something, what to do; for a person.
    public var message: String
    /// Whether the same request may succeed when it is sent again.
    public var retryable: Bool
    /// The upstream's HTTP status, for `upstreamStatus`.
    public var status: Int?
    /// The clock that ran out, for `upstreamTimeout`.
    public var clock: Clock?
    /// Seconds after which the upstream wants to be asked again, where it said so.
    public var retryAfter: Double?

    /// The client has been told of it already, in the upstream's own words.
    public var hasPassed = false

    public init(kind: Kind, message: String, retryable: Bool, status: Int? = nil, clock: Clock? = nil) {
        self.kind = kind
        self.message = message
        self.retryable = retryable
        self.status = status
        self.clock = clock
    }

    /// Whether an upstream that answered `status` may answer better next time.
    public static func isRetryable(status: Int) -> Bool {
        [408, 409, 425, 429].contains(status) || (500...599).contains(status)
    }
}
