// SPDX-License-Identifier: Apache-2.0

/// How a stream ended: the words of the request log for what has ended.
public enum StreamOutcome: String, CaseIterable, Sendable {
    case whole
    case failed
    case disconnected
    case stalled
    case refused
    case broken
}
