// SPDX-License-Identifier: Apache-2.0

/// How one call of an upstream ended.
public enum CallOutcome: String, CaseIterable, Sendable {
    case whole
    /// An HTTP error instead of an answer.
    case refused
    /// No connection, or an answer that broke off or could not be read.
    case failed
    /// One of its clocks ran out.
    case timeout
    /// Nobody wanted its answer any longer: the client left, or a hedge was faster.
    case cancelled
}
