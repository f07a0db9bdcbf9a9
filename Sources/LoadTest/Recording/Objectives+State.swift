// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension Objectives {
    /// Whether a whole stream kept all limits; what did not happen in it, such as a second token, exceeds none.
    func areMet(by state: StreamState, endedAt time: Nanoseconds) -> Bool {
        limits.allSatisfy { limit in
            (state.figure(limit.metric, endedAt: time) ?? 0) <= limit.most
        }
    }
}
