// SPDX-License-Identifier: Apache-2.0

/// How a step of a ``TLSSession`` ended.
enum TLSOutcome: Equatable {
    /// All was done.
    case done
    /// All that came has been used up; the step goes on when more comes.
    case wantsMore
    /// The peer has said that it sends no more (close_notify; RFC 8446, section 6.1).
    case closed
    /// The session is dead, and no call is allowed on it any more; an alert for the peer may be in its output.
    case failed(TLSProblem)
}
