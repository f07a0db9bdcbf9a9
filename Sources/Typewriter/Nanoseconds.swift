// SPDX-License-Identifier: Apache-2.0

/// A time on the monotonic clock, or a difference of two: whole nanoseconds.
public typealias Nanoseconds = Int64

extension Nanoseconds {
    public static let millisecond: Nanoseconds = 1_000_000
    public static let second: Nanoseconds = 1_000_000_000
}
