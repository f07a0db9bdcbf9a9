// SPDX-License-Identifier: Apache-2.0

/// Events that number themselves: whether each is there, once, and in its place.
struct IDChain: Equatable, Sendable {
    private struct Link: Equatable {
        var frame: StreamFrame
        /// The position after the event.
        var end: Int
        /// How far it may be from the one before it.
        var step: ClosedRange<Int>
    }

    /// Nobody counts as far; and steps between numbers from 0 to here do not overflow.
    static let numbers = 0...1 << 60

    private var links: [Link] = []
    /// The position before the first event, where it is known.
    var start: Int?
    /// Events whose number could not be read: each explains one hole.
    var unreadable = 0

    var isEmpty: Bool { links.isEmpty }

    /// - Parameters:
    ///   - end: Of ``numbers``; any other is a finding, and nothing follows from it.
    ///   - step: The number of an event that is counted grows by 1; an offset by the length of its text.
    mutating func add(_ frame: StreamFrame, end: Int, step: ClosedRange<Int> = 1...1) {
        links.append(Link(frame: frame.place, end: end, step: step))
    }

    /// - Parameter unit: `bytes` or `events`, for messages.
    func judge(unit: String, _ log: inout FindingLog) {
        var seen: Set<Int> = []
        var once: [Link] = []
        for link in links {
            guard Self.numbers.contains(link.end) else {
                log.add(.ids, link.frame, seen: "number \(link.end)", expected: "one that counts up from 0")
                continue
            }
            if seen.insert(link.end).inserted {
                once.append(link)
            } else {
                log.add(.duplicate, link.frame, seen: "number \(link.end) again", expected: "each number once")
            }
        }
        judgeOrder(once, &log)
        judgeSteps(once.sorted { $0.end < $1.end }, unit, &log)
    }

    private func judgeOrder(_ links: [Link], _ log: inout FindingLog) {
        for (before, link) in zip(links, links.dropFirst()) where link.end < before.end {
            log.add(
                .reorder,
                link.frame,
                seen: "number \(link.end) after \(before.end)",
                expected: "numbers that ascend"
            )
        }
    }

    private func judgeSteps(_ links: [Link], _ unit: String, _ log: inout FindingLog) {
        var before = start
        var excused = unreadable
        for link in links {
            defer { before = link.end }
            guard let previous = before else { continue }
            let step = link.end - previous
            if step > link.step.upperBound {
                let missing = step - link.step.upperBound
                guard excused == 0 else {
                    excused -= 1
                    continue
                }
                log.add(
                    .lose,
                    link.frame,
                    seen: "number \(link.end) after \(previous): \(missing) \(unit) are missing",
                    expected: "number \(previous + link.step.upperBound)"
                )
            } else if step < link.step.lowerBound {
                log.add(
                    .ids,
                    link.frame,
                    seen: "number \(link.end) after \(previous)",
                    expected: "number \(previous + link.step.lowerBound), as its text is long"
                )
            }
        }
    }
}
