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

    mutating func hasStalled(_ writer: any AnswerWriter, now: Nanoseconds) -> Bool {
        guard writer.untakenBytes > 0 else {
            lastProgress = now
            return false
        }
        let progress = writer.delivered()
        if progress != delivered {
            delivered = progress
            lastProgress = now
        }
        return now - lastProgress >= limit
    }
}
