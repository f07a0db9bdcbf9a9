// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// Counts the requests of each key in windows of a minute; a window begins with the first request after the last.
public struct RequestRate: Sendable {
    private struct Window {
        var start: Nanoseconds
        var count: Int
    }

    private static let minute = 60 * Nanoseconds.second

    private let capacity: Int
    private var windows: [String: Window] = [:]

    /// - Parameter capacity: The most keys that are known at a time; beyond, the oldest half is forgotten.
    public init(capacity: Int = 10_000) {
        self.capacity = max(capacity, 1)
    }

    /// Counts a request, if it is admitted.
    /// - Parameter limit: The most requests a minute.
    /// - Returns: What is left of the limit, and the seconds until all of it is there again.
    public mutating func admit(
        key: String,
        limit: Int,
        now: Nanoseconds
    ) -> (isAdmitted: Bool, remaining: Int, resetSeconds: Double) {
        var window = windows[key] ?? Window(start: now, count: 0)
        if Self.isOver(window, now) { window = Window(start: now, count: 0) }
        let isAdmitted = window.count < limit
        if isAdmitted {
            window.count += 1
            if windows[key] == nil, windows.count >= capacity { makeRoom(now) }
            windows[key] = window
        }
        let left = window.start.saturatingAdd(Self.minute).saturatingSubtract(now)
        return (isAdmitted, max(limit - window.count, 0), Double(left) / Double(Nanoseconds.second))
    }

    private static func isOver(_ window: Window, _ now: Nanoseconds) -> Bool {
        now.saturatingSubtract(window.start) >= minute
    }

    private mutating func makeRoom(_ now: Nanoseconds) {
        windows = windows.filter { !Self.isOver($0.value, now) }
        guard windows.count >= capacity else { return }
        let oldestFirst = windows.sorted { $0.value.start < $1.value.start }
        windows = Dictionary(uniqueKeysWithValues: oldestFirst.dropFirst((capacity + 1) / 2).map { ($0.key, $0.value) })
    }
}
