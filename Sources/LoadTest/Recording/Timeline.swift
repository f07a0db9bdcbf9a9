// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// What happened in each second of a run; in a long one, in each two, four, … seconds, so that it stays small.
public struct Timeline: Equatable, Sendable {
    /// With more than these, each two become one. Even, so that none is left over.
    public static let mostWindows = 300

    /// The length of a window: a second, doubled as often as it took.
    public var width: Nanoseconds = .second
    /// From the run's start on, the warm-up's too.
    public var windows: [Window] = []

    /// Times in nanoseconds.
    public struct Window: Equatable, Sendable {
        public var begun = 0
        public var completed = 0
        public var failed = 0
        public var contents = 0
        /// Streams that ran, at most.
        public var streams = 0
        public var longestGap: Nanoseconds = 0
        /// Of first tokens that came in the window: how many, their sum, and the latest.
        public var firstTokens = 0
        public var firstTokenSum: Nanoseconds = 0
        public var firstTokenMax: Nanoseconds = 0

        public init() {}
    }

    public init() {}

    /// What has windows, from the run's start.
    var end: Nanoseconds { width * Nanoseconds(windows.count) }

    /// The window that lasts; of an empty timeline, the first.
    @inline(__always)
    var last: Window {
        get { windows.isEmpty ? Window() : windows[windows.count - 1] }
        _modify {
            if windows.isEmpty { windows.append(Window()) }
            yield &windows[windows.count - 1]
        }
    }

    /// Adds windows until `time` lies in the last one; `streams` run all the while.
    mutating func reach(_ time: Nanoseconds, streams: Int) {
        let time = min(time, Self.farthest)
        while end <= time {
            if windows.count >= Self.mostWindows {
                double()
            } else {
                var window = Window()
                window.streams = streams
                windows.append(window)
            }
        }
    }

    /// Adds what happened at the same time elsewhere.
    public mutating func merge(_ other: Timeline) {
        var other = other
        while width < other.width { double() }
        while other.width < width { other.double() }
        for (index, window) in other.windows.enumerated() {
            if index < windows.count { windows[index].merge(window) } else { windows.append(window) }
        }
    }

    /// A year: no run is as long, and a wrong clock adds no more windows than that.
    static let farthest: Nanoseconds = 365 * 86_400 * .second

    private mutating func double() {
        width *= 2
        windows = stride(from: 0, to: windows.count, by: 2).map { index in
            var window = windows[index]
            if index + 1 < windows.count { window.extend(windows[index + 1]) }
            return window
        }
    }
}

extension Timeline.Window {
    /// A stream's first token has come so long after its planned time.
    mutating func addFirstToken(_ time: Nanoseconds) {
        firstTokens += 1
        firstTokenSum += time
        firstTokenMax = max(firstTokenMax, time)
    }

    /// Adds the same window of other streams.
    fileprivate mutating func merge(_ other: Self) {
        let streams = streams + other.streams
        extend(other)
        self.streams = streams
    }

    /// Adds the window that follows.
    fileprivate mutating func extend(_ next: Self) {
        begun &+= next.begun
        completed &+= next.completed
        failed &+= next.failed
        contents &+= next.contents
        streams = max(streams, next.streams)
        longestGap = max(longestGap, next.longestGap)
        firstTokens &+= next.firstTokens
        firstTokenSum &+= next.firstTokenSum
        firstTokenMax = max(firstTokenMax, next.firstTokenMax)
    }
}
