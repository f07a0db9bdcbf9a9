// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Typewriter

/// Translates the kernel's stamps, which are of the wall clock, to the monotonic clock.
struct KernelClock: Sendable {
    /// A larger change of the offset between two samples is no slewing: somebody set the wall clock.
    static let stepSize: Nanoseconds = 500_000
    /// Of two readings of the monotonic clock around one of the wall clock: farther apart, and we were interrupted.
    private static let trustedSpan: Nanoseconds = 5_000

    /// Wall clock − monotonic clock; 0 before the first sample.
    private(set) var offset: Nanoseconds = 0
    /// How often the wall clock was set.
    private(set) var steps = 0

    /// The monotonic clock.
    @inline(__always)
    static func now() -> Nanoseconds { read(CLOCK_MONOTONIC) }

    /// When the kernel stamped, on the monotonic clock.
    @inline(__always)
    func time(ofStamp stamp: Nanoseconds) -> Nanoseconds { stamp - offset }

    /// Looks at both clocks. Ask every 100 ms: the wall clock may be slewed by 0.5 ms a second.
    mutating func sample() {
        var best = (span: Nanoseconds.max, offset: offset)
        for _ in 0..<4 where best.span > Self.trustedSpan {
            let before = Self.now()
            let wall = Self.read(CLOCK_REALTIME)
            let span = Self.now() - before
            if span < best.span { best = (span, wall - before - span / 2) }
        }
        observe(offset: best.offset)
    }

    /// Takes a measured offset for true from now on.
    mutating func observe(offset new: Nanoseconds) {
        if offset != 0, abs(new - offset) > Self.stepSize { steps += 1 }
        offset = new
    }

    @inline(__always)
    private static func read(_ clock: clockid_t) -> Nanoseconds {
        var time = timespec()
        clock_gettime(clock, &time)
        return Nanoseconds(time.tv_sec) &* .second &+ Nanoseconds(time.tv_nsec)
    }
}
