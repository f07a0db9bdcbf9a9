// SPDX-License-Identifier: Apache-2.0

internal import LoadTest

/// A run on its way, wherever it is played.
protocol LoadRun: Sendable {
    /// As they stand.
    var figures: LiveFigures.Figures { get }

    /// Ends it soon; what was measured is reported.
    func interrupt()

    /// Plays it to its end. Errors say what is wrong and what to do.
    func play() async throws(LoadFailure) -> RunRecord
}
