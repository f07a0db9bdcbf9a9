// SPDX-License-Identifier: Apache-2.0

/// How a wire format tells that a request cannot be done.
public protocol ProblemShape {
    /// The name of the field that bears the request's id; nil where the format has none.
    static var requestIDField: String? { get }

    /// The body, in JSON.
    static func body(of problem: RequestProblem, requestID: String) -> [UInt8]

    /// The fields that tell how much of a rate limit is left.
    static func fields(of limit: RateLimit) -> [(name: String, value: String)]
}
