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
