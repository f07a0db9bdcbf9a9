// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension StreamState {
    /// The next event for readers of constant speed, who began with the first content. One waits for an event that is not
    /// there, and goes on from then; the other never waits, and tells how far behind it the stream fell.
    @inline(__always)
    mutating func read(at time: Nanoseconds, every gap: Nanoseconds) {
        readerBehind = max(readerBehind, time &- firstContent &- Nanoseconds(contents) &* gap)
        if time > readerDue {
            readerWaited &+= time &- readerDue
            readerDue = time
        }
        readerDue &+= gap
    }
}
