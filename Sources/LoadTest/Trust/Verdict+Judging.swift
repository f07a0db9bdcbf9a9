// SPDX-License-Identifier: Apache-2.0

extension Verdict {
    /// Judges a run by what its client has seen of itself.
    /// - Parameters:
    ///   - burst: The most requests that the plan wants begun in one moment: ``Arrivals/burst``.
    ///   - cores: Of the machine.
    public init(_ run: RunRecord, burst: Int = 1, cores: Int) {
        var jury = Jury(run, burst: burst, cores: cores)
        jury.hearAll()
        if !jury.clientBound.isEmpty {
            self.init(level: .clientBound, reasons: jury.clientBound + jury.degraded)
        } else {
            self.init(level: jury.degraded.isEmpty ? .trusted : .degraded, reasons: jury.degraded)
        }
    }
}
