// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Notices a peer that takes nothing of what is left for it after an answer's end: at any pace, but it may not stop.
struct LeftoverWatch: Equatable {
    private let limit: TimeAmount
    private var delivered: Int
    private var lastProgress: NIODeadline

    /// - Parameter limit: How long a peer may take nothing.
    init(limit: TimeAmount, delivered: Int, now: NIODeadline) {
        self.limit = limit
        self.delivered = delivered
        self.lastProgress = now
    }

    /// When to look again: soon enough that a stop is not seen much later than it is due.
    func nextLook(after now: NIODeadline) -> NIODeadline {
        now + .nanoseconds(limit.nanoseconds / 8)
    }

    mutating func hasStopped(delivered: Int, now: NIODeadline) -> Bool {
        if delivered != self.delivered {
            self.delivered = delivered
            lastProgress = now
        }
        return now - lastProgress >= limit
    }
}
