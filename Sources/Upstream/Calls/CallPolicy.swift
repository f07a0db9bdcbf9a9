// SPDX-License-Identifier: Apache-2.0

/// How a request is carried through to an answer.
public struct CallPolicy: Equatable, Sendable {
    /// Which of several targets of a priority is asked.
    public enum Balance: String, CaseIterable, Sendable {
        /// By their weights, at random.
        case weighted
        /// The one with the fewest requests under way for its weight.
        case leastInFlight = "least_in_flight"
        /// Of two drawn by weight, the one that answers sooner: peak-EWMA of the time to first token, times the
        /// requests under way.
        case fastest
    }

    public var balance = Balance.weighted
    public var retries = RetrySettings()
    /// Nil asks one at a time.
    public var hedge: HedgeSettings?
    /// An upstream that dies in the middle of its text is followed by the next target, which is asked to go on where the
    /// text stopped. Else the answer ends there with a fault.
    public var continuesElsewhere = false

    public init() {}
}
