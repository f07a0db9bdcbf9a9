// SPDX-License-Identifier: Apache-2.0

/// Why a request cannot be done as it stands, in a form that each wire format can show in its own.
public struct RequestProblem: Error, Equatable, Sendable {
    /// The HTTP status, 4xx or 5xx.
    public var status: Int
    /// Stable, for programs.
    public var code: String
    /// For a person: what was wrong and what would be right.
    public var message: String
    /// The parameter that is meant, if one is.
    public var parameter: String?
    /// Seconds after which the client may try again, for `Retry-After`.
    public var retryAfter: Double?

    public init(
        status: Int = 400,
        code: String,
        message: String,
        parameter: String? = nil,
        retryAfter: Double? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.parameter = parameter
        self.retryAfter = retryAfter
    }
}
