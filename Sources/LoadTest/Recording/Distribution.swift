// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// How often each value occurred, to three digits: constant memory, merged by adding.
///
/// Times are kept in microseconds. A percentile is a value that occurred (nearest rank), to the precision of the
/// histogram; least, greatest and mean are exact.
public struct Distribution: Sendable {
    public private(set) var count = 0

    public init() {}

    /// A time; what is below 0 counts as 0.
    @inline(__always)
    mutating func record(_ time: Nanoseconds) {}
}
