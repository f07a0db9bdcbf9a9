// SPDX-License-Identifier: Apache-2.0

/// Turns bursts of text into even typing: a playhead that moves through what has arrived.
///
/// At each arrival the playhead gets the speed that empties the backlog just after the next burst is expected, so
/// nothing stalls while there is text, and little is kept. What it knows are time-stamped arrivals, never when it is
/// asked. Speeds are in bytes a nanosecond.
public struct Smoother: Equatable, Sendable {
    /// Where the text ended at a time, for the lag of what is typed.
    private struct Mark: Equatable {
        var end: Int
        var time: Nanoseconds
    }

    /// What is typed closer together than this joins in one frame.
    public static let frame = 25 * Nanoseconds.millisecond
    /// What waits is typed after so long a gap at the latest: a longer one is seen as a stall.
    public static let longestGap = 300 * Nanoseconds.millisecond
    /// Deltas no further apart belong to one burst.
    private static let burstGap = 8 * Nanoseconds.millisecond
    private static let maximumMarks = 128

    /// How late text may be shown, where the rhythm of its arrival does not ask for more: four times of it at most,
    /// and twice before there is a rhythm.
    public let targetLag: Nanoseconds

    private var end = 0
    private var playhead = 0.0
    private var time: Nanoseconds = 0
    private var speed = 0.0
    private var isEnded = false
    /// What has arrived passes at once, with no frame of its own to wait for.
    private(set) var isHurried = false
    private var burstStart: Nanoseconds?
    private var lastArrival: Nanoseconds = 0
    private var bursts = 0.0
    /// Mean time from burst to burst, and its mean deviation.
    private var period: Double
    private var deviation = 0.0
    private var marks: [Mark] = []

    public init(targetLag: Nanoseconds) {
        self.targetLag = max(targetLag, .millisecond)
        // Until a second burst has come: even text says with its next delta that it is none of a slow rhythm.
        self.period = 2 * Double(self.targetLag)
    }

    /// In what time the backlog is to be typed: until the next burst, and a little longer as bursts come late.
    public var horizon: Nanoseconds {
        let wish = period + deviation
        return Nanoseconds(min(max(wish, Double(targetLag) / 4), Double(targetLag) * 4))
    }

    /// `count` bytes came at `now`.
    /// - Parameter atOnce: They are not smoothed, nor is what waits before them.
    public mutating func textArrived(count: Int, at now: Nanoseconds, atOnce: Bool = false) {
        guard count > 0 else { return }
        advance(to: now)
        end += count
        mark(now)
        guard !atOnce else { return hurry(at: now) }
        isHurried = false
        learn(now)
        let wish = (Double(end) - playhead) / Double(horizon)
        speed = isEnded ? max(speed, wish) : wish
        isEnded = false
    }

    /// What waits is due now.
    public mutating func hurry(at now: Nanoseconds) {
        advance(to: now)
        playhead = Double(end)
        isHurried = true
    }

    /// The rest goes out evenly, in no more than the target lag.
    public mutating func textEnded(at now: Nanoseconds) {
        advance(to: now)
        isEnded = true
        speed = max(speed, (Double(end) - playhead) / Double(targetLag))
    }

    /// The text ends at byte offset `position`.
    public mutating func textCut(to position: Int, at now: Nanoseconds) {
        advance(to: now)
        end = min(end, position)
        playhead = min(playhead, Double(end))
    }

    /// The playhead rests for so long.
    public mutating func delay(by pause: Nanoseconds) { time += pause }

    /// When a unit that begins at byte offset `start` is due.
    public func due(start: Int) -> Nanoseconds {
        let way = Double(min(start, end)) - playhead
        guard way > 0, speed > 0 else { return time }
        return time + Nanoseconds(way / speed)
    }

    /// The time since the byte before offset `position` came, at `due`. Offsets must rise from call to call.
    mutating func lag(ofTyped position: Int, due: Nanoseconds) -> Nanoseconds {
        if let index = marks.firstIndex(where: { $0.end >= position }) { marks.removeFirst(index) }
        return max(0, due - (marks.first?.time ?? due))
    }

    private mutating func advance(to now: Nanoseconds) {
        guard now > time else { return }
        playhead = min(Double(end), playhead + speed * Double(now - time))
        time = now
    }

    private mutating func learn(_ now: Nanoseconds) {
        defer { lastArrival = now }
        guard let start = burstStart else {
            burstStart = now
            return
        }
        guard now - lastArrival >= Self.burstGap || now - start >= targetLag / 4 else { return }
        burstStart = now
        bursts += 1
        // One long stall is no rhythm: it counts for four times of what was expected at most.
        let sample = min(Double(now - start), max(4 * Double(horizon), Double(targetLag)))
        let weight = max(0.25, 1 / bursts)
        deviation += (abs(sample - period) - deviation) * (bursts == 1 ? 0 : 0.25)
        period += (sample - period) * weight
    }

    private mutating func mark(_ now: Nanoseconds) {
        // Joined marks make the lag of the earlier text look smaller: only where very much waits.
        if marks.count == Self.maximumMarks { marks.removeLast() }
        marks.append(Mark(end: end, time: now))
    }
}
