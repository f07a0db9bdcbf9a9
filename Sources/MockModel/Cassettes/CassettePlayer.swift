// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// Plays a cassette as it was recorded: the same bytes, in the same writes, with the same gaps or shorter ones.
///
/// A state machine: times in, what to do with the connection out. Deadlines are absolute, so a late write does not
/// delay those after it.
public struct CassettePlayer: Sendable {
    public enum Action: Equatable, Sendable {
        /// The head leaves, before the first write; then it is asked again. Not told where it leaves with that.
        case answer
        /// One write to the network; then it is asked again.
        case write([UInt8])
        /// Nothing before that time.
        case wait(until: Nanoseconds)
        /// The body ends as its framing says it should; the last action, as is the next one.
        case end
        /// The connection breaks, as it did when this was recorded, or where what was recorded ends.
        case reset
        /// Nothing more comes, and the connection stays, as when the recorder gave up. Played at once, that is a
        /// reset: there nothing is waited for.
        case silence
    }

    private let cassette: Cassette
    private let speed: Double
    private let start: Nanoseconds
    private var index = 0
    private var hasAnswered: Bool

    /// - Parameters:
    ///   - speed: 2 is twice as fast as it was; 0, and what is no finite number above it, is at once.
    ///   - start: When the request came.
    public init(cassette: Cassette, speed: Double, start: Nanoseconds) {
        self.cassette = cassette
        self.speed = speed
        self.start = start
        let bodyTime = cassette.reads.first?.time ?? .max
        self.hasAnswered = cassette.status == nil || cassette.headTime.map { $0 >= bodyTime } ?? true
    }

    private var isPaced: Bool { speed > 0 && speed.isFinite }

    /// What to do now.
    public mutating func next(now: Nanoseconds) -> Action {
        let read = index < cassette.reads.count ? cassette.reads[index] : nil
        let due = dueTime(of: hasAnswered ? read?.time ?? cassette.endTime : cassette.headTime ?? 0)
        guard now >= due else { return .wait(until: due) }
        guard hasAnswered else {
            hasAnswered = true
            return .answer
        }
        guard let read else { return last }
        index += 1
        return .write(read.bytes)
    }

    private var last: Action {
        switch cassette.ending {
        case .complete: cassette.status == nil ? .reset : .end
        case .timeout: isPaced ? .silence : .reset
        case .reset, .refused, .cancelled, .cut: .reset
        }
    }

    private func dueTime(of time: Nanoseconds) -> Nanoseconds {
        guard isPaced else { return start }
        if speed == 1 { return start.saturatingAdd(time) }
        // Beyond three centuries a double could not be turned back.
        let scaled = min((Double(time) / speed).rounded(), 9e18)
        return start.saturatingAdd(Nanoseconds(scaled))
    }
}
