// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// When the calibration's server sends: it stands in the request's query, in microseconds.
struct CalibrationSchedule: Equatable, Sendable {
    /// From the arrival of the request to the first event with content.
    var firstToken: Nanoseconds = 100 * .millisecond
    var gap: Nanoseconds = 50 * .millisecond
    /// Events with content; at least 1.
    var count = 20

    /// What a client asks for.
    var path: String {
        "/?ttft=\(firstToken / 1000)&gap=\(gap / 1000)&count=\(count)"
    }

    init(firstToken: Nanoseconds, gap: Nanoseconds, count: Int) {
        (self.firstToken, self.gap, self.count) = (firstToken, gap, count)
    }

    /// - Parameter head: The bytes of a request, from its line on. What it does not tell is as above.
    init(head: some Sequence<UInt8>) {
        let line = String(decoding: head.prefix { $0 != 0x0D }.prefix(512), as: UTF8.self)
        let words = line.split(separator: " ")
        guard words.count > 1, let mark = words[1].firstIndex(of: "?") else { return }
        for part in words[1][words[1].index(after: mark)...].split(separator: "&") {
            let ends = part.split(separator: "=")
            guard ends.count == 2, let value = Int64(ends[1]), (0...3_600_000_000).contains(value) else { continue }
            switch ends[0] {
            case "ttft": firstToken = value * 1000
            case "gap": gap = value * 1000
            case "count": count = max(Int(value), 1)
            default: break
            }
        }
    }
}
