// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Typewriter

extension Timeline {
    private static var counts: [(name: String, member: WritableKeyPath<Window, Int>)] {
        [
            ("begun", \.begun), ("completed", \.completed), ("failed", \.failed), ("contents", \.contents),
            ("streams", \.streams), ("first_tokens", \.firstTokens),
        ]
    }

    private static var times: [(name: String, member: WritableKeyPath<Window, Nanoseconds>)] {
        [
            ("longest_gap_ms", \.longestGap), ("first_token_sum_ms", \.firstTokenSum),
            ("first_token_max_ms", \.firstTokenMax),
        ]
    }

    /// Writes an object with an array for each figure, which has an element for each window.
    func appendJSON(to text: inout JSONText) {
        text.object { text in
            text.member("width_seconds", Int(width / .second))
            for figure in Self.counts {
                text.arrayMember(figure.name) { text in
                    for window in windows { text.number(window[keyPath: figure.member]) }
                }
            }
            for figure in Self.times {
                text.arrayMember(figure.name) { text in
                    for window in windows {
                        text.number(Double(window[keyPath: figure.member]) / Metric.Unit.milliseconds.scale)
                    }
                }
            }
        }
    }

    init(_ field: RecordField) throws(RecordProblem) {
        self.init()
        let seconds = try field.member("width_seconds")
        let width = try seconds.count()
        guard width > 0, width & (width - 1) == 0, width <= Self.farthest / .second else {
            throw seconds.problem("a power of two")
        }
        self.width = Nanoseconds(width) * .second
        let count = try field.member("begun").elements(atMost: Self.mostWindows).count
        windows = Array(repeating: Window(), count: count)
        for figure in Self.counts {
            for (index, element) in try Self.elements(field, figure.name, count).enumerated() {
                windows[index][keyPath: figure.member] = try element.count()
            }
        }
        for figure in Self.times {
            for (index, element) in try Self.elements(field, figure.name, count).enumerated() {
                windows[index][keyPath: figure.member] = try element.time(.milliseconds)
            }
        }
    }

    private static func elements(
        _ field: RecordField,
        _ name: String,
        _ count: Int
    ) throws(RecordProblem) -> [RecordField] {
        let member = try field.member(name)
        let elements = try member.elements(atMost: count)
        guard elements.count == count else { throw member.problem("as long as `begun`") }
        return elements
    }
}
