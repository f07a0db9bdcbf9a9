// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// From where on a sign speaks against a run: `easy` ends what is trusted, `most` what the latencies survive.
enum TrustBounds {
    /// Parts of a core: used, and used or waited for together.
    static let easyProcessor = 0.7
    static let mostProcessor = 0.95
    static let mostWanted = 0.95
    /// Parts of the time in which a core was waited for: beyond, somebody else has the core.
    static let easyWaited = 0.15
    static let mostWaited = 0.3
    /// Of the send lag's p99.
    static let easySendLag = Nanoseconds.millisecond
    static let mostSendLag = 10 * Nanoseconds.millisecond
    /// A write, and the events that come between two writes.
    static let sendCost: Nanoseconds = 20_000
    /// From the kernel's stamp to us, at p99, and the part of the median gap that it may be where that is more.
    static let easyDelay = Nanoseconds.millisecond
    static let easyGapShare = 0.05
    /// The same at p99.9, where the stamps keep it out of the latencies: on a machine of few cores, others have the core for
    /// a tick of the scheduler (4 ms at 250 Hz) now and then, and nothing is wrong.
    static let easyTail = 5 * Nanoseconds.millisecond
    /// Parts of the events that came with another, though they had waited.
    static let easyShared = 0.01
    static let mostShared = 0.05
    /// Parts of the requests.
    static let mostExhausted = 0.01
    /// Parts of the events.
    static let mostCollapsed = 0.001
    /// Parts of all cores' time.
    static let mostStolen = 0.05
    /// Fewer cases are accidents.
    static let fewest = 5
    /// In seconds: shares of less are noise.
    static let shortestShare = 0.3
}
