// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The time of day.
enum WallClock {
    /// Whole seconds since 1970.
    static func seconds() -> Int {
        time(nil)
    }

    /// Since 1970.
    static func nanoseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    /// The time that answers tell whose seed is fixed, so that each run gives the same bytes: in June 2025.
    static let frozenNanoseconds: Int64 = 1_750_000_000_000_000_000
}
