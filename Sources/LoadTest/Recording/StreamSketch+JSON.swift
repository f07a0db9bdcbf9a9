// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Typewriter

extension StreamSketch {
    private static var times: [(name: String, member: WritableKeyPath<StreamSketch, Nanoseconds>)] {
        [
            ("planned_ms", \.planned), ("sent_ms", \.sent), ("first_content_ms", \.firstContent),
            ("last_content_ms", \.lastContent), ("longest_gap_ms", \.longestGap),
        ]
    }

    func appendJSON(to text: inout JSONText) {
        text.object { text in
            text.member("number", number)
            text.member("end", end.rawValue)
            text.member("contents", contents)
            for time in Self.times {
                text.name(time.name)
                text.number(Double(self[keyPath: time.member]) / Metric.Unit.milliseconds.scale)
            }
            text.arrayMember("gaps_ms") { text in
                for gap in gaps { text.number(Double(gap) / Metric.Unit.milliseconds.scale) }
            }
        }
    }

    init(_ field: RecordField) throws(RecordProblem) {
        self.init()
        number = try field.count("number")
        end = try field.member("end").name(as: StreamEnd.self)
        contents = try field.count("contents")
        for time in Self.times { self[keyPath: time.member] = try field.member(time.name).time(.milliseconds) }
        for gap in try field.member("gaps_ms").elements(atMost: GapSketches.entries) {
            gaps.append(try gap.time(.milliseconds))
        }
    }
}
