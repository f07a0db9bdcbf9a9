// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// Plays a cassette as it was recorded: the same bytes, in the same writes, with the same gaps or shorter ones.
///
/// A state machine: times in, what to do with the connection out. Deadlines are absolute, so a late write does not
/// delay those after it.
public struct CassettePlayer: Sendable {
    public enum Action: Equatable, Sendable {
        /// One write to the network; then it is asked again.
        case write([UInt8])
        /// Nothing before that time.
        case wait(until: Nanoseconds)
        /// The body ends as its framing says it should; the last action, as is the next one.
        case end
        /// The connection breaks, as it did when this was recorded, or when the recorder gave up.
        case reset
    }

    private let cassette: Cassette
    private let speed: Double
    private let start: Nanoseconds
    private var index = 0

    /// - Parameters:
    ///   - speed: 2 is twice as fast as it was; 0, and what is no finite number above it, is at once.
    ///   - start: When the request came.
    public init(cassette: Cassette, speed: Double, start: Nanoseconds) {
        self.cassette = cassette
        self.speed = speed
        self.start = start
    }

    /// What to do now.
    public mutating func next(now: Nanoseconds) -> Action {
        let read = index < cassette.reads.count ? cassette.reads[index] : nil
        let due = dueTime(of: read?.time ?? cassette.endTime)
        guard now >= due else { return .wait(until: due) }
        guard let read else { return cassette.ending == .complete ? .end : .reset }
        index += 1
        return .write(read.bytes)
    }

    private func dueTime(of time: Nanoseconds) -> Nanoseconds {
        guard speed > 0, speed.isFinite else { return start }
        if speed == 1 { return start.saturatingAdd(time) }
        // Beyond three centuries a double could not be turned back.
        let scaled = min((Double(time) / speed).rounded(), 9e18)
        return start.saturatingAdd(Nanoseconds(scaled))
    }
}
