// SPDX-License-Identifier: Apache-2.0

/// How an upstream is asked now and then whether it is well.
public struct HealthCheckSettings: Equatable, Sendable {
    /// Joined to the base of the API's address; any status below 500 is well.
    public var path = "/models"
    public var intervalMilliseconds = 10_000
    public var timeoutMilliseconds = 2_000
    /// Checks in a row after which it counts as down, or as up again.
    public var failures = 2
    public var successes = 1

    public init() {}
}
