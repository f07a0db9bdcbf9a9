// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension TargetRecord {
    /// Writes an object. What follows from the rest is there for its readers, and not read back.
    func appendJSON(to text: inout JSONText) {
        text.object { text in
            if let format { text.member("format", format.rawValue) } else { text.nullMember("format") }
            if let wire { text.member("wire", wire) }
            for count in Self.counts { text.member(count.name, self[keyPath: count.member]) }
            for count in Self.rareCounts where self[keyPath: count.member] > 0 {
                text.member(count.name, self[keyPath: count.member])
            }
            text.name("seconds")
            text.number(seconds)
            text.name("gap_seconds")
            text.number(gapSeconds)
            text.name("stalled_seconds")
            text.number(stalledSeconds)
            text.objectMember("ends") { text in
                for end in StreamEnd.allCases {
                    if let count = ends[end] { text.member(end.rawValue, count) }
                }
            }
            text.objectMember("statuses") { text in
                for (status, count) in statuses.sorted(by: { $0.key < $1.key }) { text.member(String(status), count) }
            }
            text.objectMember("metrics") { text in
                for metric in Metric.allCases {
                    text.name(metric.rawValue)
                    self[metric].appendJSON(to: &text, unit: metric.unit)
                }
            }
            text.name("timeline")
            timeline.appendJSON(to: &text)
            text.arrayMember("worst") { text in
                for sketch in worst { sketch.appendJSON(to: &text) }
            }
            text.arrayMember("samples") { text in
                for sketch in samples { sketch.appendJSON(to: &text) }
            }
        }
    }

    /// Reads what ``appendJSON(to:)`` wrote.
    init(_ field: RecordField) throws(RecordProblem) {
        self.init()
        let format = try field.member("format")
        if !format.value.isNull { self.format = try format.name(as: StreamFormat.self) }
        if field.value["wire"] != nil { wire = try field.text("wire") }
        for count in Self.counts { self[keyPath: count.member] = try field.count(count.name) }
        for count in Self.rareCounts where field.value[count.name] != nil {
            self[keyPath: count.member] = try field.count(count.name)
        }
        seconds = try field.member("seconds").amount()
        for member in try field.member("ends").members() {
            ends[try member.ownName(as: StreamEnd.self)] = try member.count()
        }
        for member in try field.member("statuses").members() {
            guard let status = Int(member.name), 0...999 ~= status else { throw member.problem("named by a status") }
            statuses[status] = try member.count()
        }
        let metrics = try field.member("metrics")
        for metric in Metric.allCases {
            self[metric] = try Distribution(metrics.member(metric.rawValue), unit: metric.unit)
        }
        timeline = try Timeline(field.member("timeline"))
        worst = try Self.sketches(field.member("worst"), atMost: StreamSelection.mostWorst)
        samples = try Self.sketches(field.member("samples"), atMost: StreamSelection.mostSamples)
    }

    private static func sketches(
        _ field: RecordField,
        atMost most: Int
    ) throws(RecordProblem) -> [StreamSketch] {
        var sketches: [StreamSketch] = []
        for element in try field.elements(atMost: most) { sketches.append(try StreamSketch(element)) }
        return sketches
    }
}
