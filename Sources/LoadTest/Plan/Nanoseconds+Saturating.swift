// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension Nanoseconds {
    /// A time so late that it cannot be told is the latest one.
    func saturatingAdd(_ other: Nanoseconds) -> Nanoseconds {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}
