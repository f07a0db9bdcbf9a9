// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension Nanoseconds {
    /// A sum that stays at the end of the range instead of passing it.
    func saturatingAdd(_ other: Nanoseconds) -> Nanoseconds {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }

    /// A difference that stays at the end of the range instead of passing it.
    func saturatingSubtract(_ other: Nanoseconds) -> Nanoseconds {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }
}
