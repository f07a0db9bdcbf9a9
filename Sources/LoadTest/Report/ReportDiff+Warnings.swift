// SPDX-License-Identifier: Apache-2.0

extension ReportDiff {
    /// Of what was asked and where.
    static func originWarnings(_ old: Report, _ new: Report) -> [String] {
        var warnings: [String] = []
        func compare(_ name: String, _ before: String, _ after: String) {
            if before != after { warnings.append("\(name) is not the same: \(before), then \(after)") }
        }
        compare("the url", old.urls.joined(separator: " "), new.urls.joined(separator: " "))
        compare("the processor", old.machine.processor, new.machine.processor)
        compare("the number of cores", String(old.machine.cores), String(new.machine.cores))
        compare("the kernel", old.machine.kernel, new.machine.kernel)
        compare("the client's version", old.machine.typebar, new.machine.typebar)
        compare("the engine", old.engine, new.engine)
        compare("the length of a stall", Figure.time(old.stall), Figure.time(new.stall))
        compare("the reader's rate", Figure.short(old.readerRate), Figure.short(new.readerRate))
        if old.runs.count != new.runs.count {
            warnings.append("the first has \(runs(old.runs.count)), the second \(runs(new.runs.count))")
        }
        return warnings
    }

    /// Of two runs that belong together.
    static func warnings(_ before: Report.Run, _ after: Report.Run) -> [String] {
        var warnings: [String] = []
        if before.load != after.load {
            warnings.append("the load is not the same: \(before.load), then \(after.load)")
        } else if before.scheduleHash != after.scheduleHash {
            warnings.append("the planned times of \(after.load) are not the same: use one --seed")
        }
        for (name, run) in [("first", before), ("second", after)] {
            if run.verdict.level != .trusted { warnings.append("the \(name) is \(run.verdict.level.name)") }
            if run.record.wasInterrupted { warnings.append("the \(name) was interrupted") }
        }
        if before.record.targets.count != after.record.targets.count {
            warnings.append("one compares two targets, the other has one: only the first target is told")
        }
        return warnings
    }

    private static func runs(_ count: Int) -> String { count == 1 ? "1 run" : "\(count) runs" }
}
