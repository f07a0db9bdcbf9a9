// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// One target of the run.
    struct Side: Sendable {
        /// `A` or `B`; empty where there is only one.
        var name: String
        var url: String
        var look: Series.Look
        var record: TargetRecord
        /// Of the baseline.
        var baseline: TargetRecord?

        var oldLook: Series.Look { look == .one ? .baseOne : .baseTwo }
    }
}

extension Report {
    /// The run that is worth a close look: the only one, or of a sweep the last before it was too much.
    var detailedRun: Run? {
        saturation.map { runs[max($0.level - 1, 0)] } ?? runs.last
    }
}
