// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// One request that was received, how it was answered, and what its client did afterwards.
struct RequestRecord: Sendable {
    /// What the client did after an answer that was not whole.
    struct Aftermath: Equatable, Sendable {
        /// How long after the end the same request came again, in milliseconds; nil while it has not.
        var retriedAfter: Double?
        /// Whether that was no sooner than `Retry-After` had asked; nil where nothing was asked, or nobody retried.
        var honouredRetryAfter: Bool?
        /// A later request carries the truncated text as if it had been the whole answer.
        var acceptedTruncated = false
    }

    /// Counts from 1.
    var id: UInt64 = 0
    /// Unix time in nanoseconds.
    var received: Int64
    var method: String
    /// With its query; keys in it are masked.
    var target: String
    /// With secrets masked.
    var headers: [(name: String, value: String)]
    /// Masked nowhere: a prompt is what a test looks for. Kept in memory only.
    var body: [UInt8]
    var session: String
    var format: String?
    var model: String?
    var scenario: String?
    var faults: String?
    var seed: UInt64?
    var status: Int?
    var outcome = AnswerOutcome.running
    /// In milliseconds from the request to the answer's end.
    var duration: Double?
    /// What was said, as far as the answer came; kept where it did not come to its end.
    var saidText: [UInt8] = []
    var retryAfter: Double?
    var aftermath = Aftermath()

    /// When it came, and when its answer ended, on the monotonic clock.
    let start: Nanoseconds
    var end: Nanoseconds?

    /// The same for a request that is sent again.
    var fingerprint: Int {
        var hasher = Hasher()
        hasher.combine(method)
        hasher.combine(target)
        hasher.combine(body)
        hasher.combine(session)
        return hasher.finalize()
    }
}
