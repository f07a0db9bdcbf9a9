// SPDX-License-Identifier: Apache-2.0

/// Why a JSON text is no record of a run.
public struct RecordProblem: Error, Equatable, CustomStringConvertible {
    /// Where: `targets[0].metrics.ttft.count`; empty: the whole.
    public let path: String
    /// What would have fitted there.
    public let expected: String

    public var description: String { "\(path.isEmpty ? "the record" : "`\(path)`") is not \(expected)" }
}
