// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Notices a client that has bytes to take and takes none, or is not there any more to take them.
///
/// Bytes that the system holds for it count too: the system itself gives a client that is gone a quarter of an hour.
struct StallWatch {
    private static let longestInterval: Nanoseconds = 4 * .second

    private let limit: Nanoseconds
    private var delivered = 0
    private var lastProgress: Nanoseconds
    private var nextLook: Nanoseconds

    /// - Parameter limit: How long a client may take nothing.
    init(limit: Nanoseconds, now: Nanoseconds) {
        self.limit = limit
        self.lastProgress = now
        self.nextLook = now
    }

    /// - Parameter progress: Asked now and then, because it asks the system.
    mutating func hasStalled(
        _ progress: @autoclosure () -> (delivered: Int, undelivered: Int),
        now: Nanoseconds
    ) -> Bool {
        guard now >= nextLook else { return false }
        nextLook = now + min(limit / 8, Self.longestInterval)
        let progress = progress()
        if progress.undelivered == 0 || progress.delivered != delivered {
            delivered = progress.delivered
            lastProgress = now
        }
        return now - lastProgress >= limit
    }
}
