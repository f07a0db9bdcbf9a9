// SPDX-License-Identifier: Apache-2.0

extension Goodput {
    /// Of all targets of a run.
    public init(of record: RunRecord, objectives: Objectives) {
        let met = record.targets.reduce(0) { $0 &+ $1.metObjectives }
        let seconds = record.targets.map(\.seconds).max() ?? 0
        self.init(
            objectives: objectives.text,
            met: met,
            of: record.targets.reduce(0) { $0 &+ $1.finished },
            perSecond: seconds > 0 ? Double(met) / seconds : 0
        )
    }
}
