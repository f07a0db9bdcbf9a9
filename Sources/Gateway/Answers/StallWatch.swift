// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Notices a client that has bytes to take and takes none.
struct StallWatch {
    private let limit: Nanoseconds
    private var delivered = 0
    private var lastProgress: Nanoseconds

    /// - Parameter limit: How long a client may take nothing.
    init(limit: Nanoseconds, now: Nanoseconds) {
        self.limit = limit
        self.lastProgress = now
    }

    /// - Parameters:
    ///   - untaken: Bytes that the client could take.
    ///   - progress: Bytes that it has taken since its connection began; asked only where there are some untaken.
    mutating func hasStalled(untaken: Int, delivered progress: @autoclosure () -> Int, now: Nanoseconds) -> Bool {
        guard untaken > 0 else {
            lastProgress = now
            return false
        }
        let progress = progress()
        if progress != delivered {
            delivered = progress
            lastProgress = now
        }
        return now - lastProgress >= limit
    }
}
