// SPDX-License-Identifier: Apache-2.0

/// Whether what `--assert` demands holds.
public struct AssertionResult: Equatable, Sendable {
    /// As written: `ttft.p99<300ms`.
    public var text: String
    /// In ``unit``; nil where nothing was measured, which fails.
    public var measured: Double?
    /// `ms` or `%`; empty of a plain number.
    public var unit = ""
    public var holds: Bool
    /// Why there is no figure to judge, or of which of two targets the figure is.
    public var note: String?
}
