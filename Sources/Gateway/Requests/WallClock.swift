// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The time of day.
enum WallClock {
    /// Whole seconds since 1970.
    static func seconds() -> Int {
        time(nil)
    }
}
