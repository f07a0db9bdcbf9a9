// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension Report.Run {
    /// The members of the record are among the run's own.
    func appendJSON(to text: inout JSONText) {
        text.object { text in
            text.member("load", load)
            if let level { text.append("level", level) }
            text.member("schedule_hash", scheduleHash.hexadecimal)
            text.member("closed_loop", isClosedLoop)
            text.objectMember("verdict") { text in
                text.member("level", verdict.level.rawValue)
                text.append("reasons", verdict.reasons)
            }
            if let goodput {
                text.objectMember("goodput") { text in
                    text.member("objectives", goodput.objectives)
                    text.member("met", goodput.met)
                    text.member("of", goodput.of)
                    text.append("per_second", goodput.perSecond)
                }
            }
            text.arrayMember("assertions") { text in
                for assertion in assertions { assertion.appendJSON(to: &text) }
            }
            appendComparison(to: &text)
            text.member("interrupted", record.wasInterrupted)
            text.name("signals")
            record.signals.appendJSON(to: &text)
            text.arrayMember("targets") { text in
                for target in record.targets { target.appendJSON(to: &text) }
            }
        }
    }

    /// Follows from the targets: for its readers, and not read back. In the metric's unit.
    private func appendComparison(to text: inout JSONText) {
        guard record.targets.count == 2 else { return }
        let differences = TargetComparison(record.targets[0], record.targets[1]).differences
        text.arrayMember("comparison") { text in
            for difference in differences {
                let scale = difference.metric.scale
                text.object { text in
                    text.member("metric", difference.metric.rawValue)
                    text.member("statistic", difference.statistic.name)
                    text.append("a", difference.a / scale)
                    text.append("b", difference.b / scale)
                    text.append("difference", difference.value / scale)
                    text.append("low", difference.interval.lowerBound / scale)
                    text.append("high", difference.interval.upperBound / scale)
                    text.member("is_distinguishable", difference.isDistinguishable)
                }
            }
        }
    }

    init(_ field: RecordField) throws(RecordProblem) {
        self.init()
        load = try field.text("load")
        if field.value["level"] != nil { level = try field.amount("level") }
        let hash = try field.member("schedule_hash")
        guard let number = hash.value.text.flatMap({ UInt64($0, radix: 16) }) else {
            throw hash.problem("16 hexadecimal digits")
        }
        scheduleHash = number
        isClosedLoop = try field.bool("closed_loop")
        let verdict = try field.member("verdict")
        self.verdict = Verdict(
            level: try verdict.member("level").name(as: Verdict.Level.self),
            reasons: try verdict.texts("reasons")
        )
        if field.value["goodput"] != nil {
            let goodput = try field.member("goodput")
            self.goodput = Goodput(
                objectives: try goodput.text("objectives"),
                met: try goodput.count("met"),
                of: try goodput.count("of"),
                perSecond: try goodput.amount("per_second")
            )
        }
        for assertion in try field.member("assertions").elements(atMost: 1000) {
            assertions.append(try AssertionResult(assertion))
        }
        do {
            record = try RunRecord(json: field.value)
        } catch {
            throw RecordProblem(path: "\(field.path).\(error.path)", expected: error.expected)
        }
    }
}

extension AssertionResult {
    fileprivate func appendJSON(to text: inout JSONText) {
        text.object { text in
            text.member("text", self.text)
            if let measured { text.append("measured", measured) }
            text.member("unit", unit)
            text.member("holds", holds)
            if let note { text.member("note", note) }
        }
    }

    fileprivate init(_ field: RecordField) throws(RecordProblem) {
        self.init(text: try field.text("text"), unit: try field.text("unit"), holds: try field.bool("holds"))
        if field.value["measured"] != nil { measured = try field.amount("measured") }
        if field.value["note"] != nil { note = try field.text("note") }
    }
}
