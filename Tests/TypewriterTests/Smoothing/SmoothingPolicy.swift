// SPDX-License-Identifier: Apache-2.0

import Typewriter

/// A way to show the text of a trace.
enum SmoothingPolicy: String, CaseIterable {
    /// As it comes.
    case none = "raw"
    /// As the AI SDK's `smoothStream`: a word, then 10 ms of sleep, one after the other.
    case fixedDelay = "fixed delay"
    /// As LibreChat: each 25 ms a tenth of the backlog, four characters at least.
    case tick = "tick"
    case typewriter = "Typebar"

    /// Text up to an offset was shown at a time, in milliseconds.
    struct Shown {
        var time: Double
        var end: Int
    }

    func show(_ trace: Trace) -> [Shown] {
        switch self {
        case .none:
            var end = 0
            return trace.deltas.map { delta in
                end += delta.text.utf8.count
                return Shown(time: delta.time, end: end)
            }
        case .fixedDelay: return Self.delayed(trace)
        case .tick: return Self.ticked(trace)
        case .typewriter: return Self.typed(trace)
        }
    }

    private static func delayed(_ trace: Trace) -> [Shown] {
        var shown: [Shown] = []
        var (clock, end, open) = (0.0, 0, [UInt8]())
        for delta in trace.deltas {
            clock = max(clock, delta.time)
            open += Array(delta.text.utf8)
            // A word is whole with the white space after it.
            while let space = open.firstIndex(of: 32) {
                end += space + 1
                open.removeFirst(space + 1)
                shown.append(Shown(time: clock, end: end))
                clock += 10
            }
        }
        if !open.isEmpty { shown.append(Shown(time: max(clock, trace.end), end: end + open.count)) }
        return shown
    }

    private static func ticked(_ trace: Trace) -> [Shown] {
        var shown: [Shown] = []
        var (time, end, arrived, next) = (0.0, 0, 0, 0)
        while next < trace.deltas.count || end < arrived {
            while next < trace.deltas.count, trace.deltas[next].time <= time {
                arrived += trace.deltas[next].text.utf8.count
                next += 1
            }
            if end < arrived {
                end += min(arrived - end, max(4, (arrived - end + 9) / 10))
                shown.append(Shown(time: time, end: end))
            }
            time += 25
        }
        return shown
    }

    private static func typed(_ trace: Trace) -> [Shown] {
        var stream = VirtualStream(Pace(targetLag: 250 * .millisecond))
        var inputs = trace.deltas.map { (Nanoseconds($0.time * 1e6), VirtualStream.Input.text($0.text)) }
        inputs.append((Nanoseconds(trace.end * 1e6), .end))
        stream.play(inputs)
        var shown: [Shown] = []
        var end = 0
        for unit in stream.typed {
            end += unit.text.utf8.count
            let time = Double(unit.due) / 1e6
            if shown.last?.time == time { shown.removeLast() }
            shown.append(Shown(time: time, end: end))
        }
        return shown
    }
}
