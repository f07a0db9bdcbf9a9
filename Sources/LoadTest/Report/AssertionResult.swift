// SPDX-License-Identifier: Apache-2.0

/// Whether what `--assert` demands holds.
public struct AssertionResult: Equatable, Sendable {
    /// As written: `ttft.p99<300ms`.
    public var text: String
    /// In the metric's unit; nil where nothing was measured, which fails.
    public var measured: Double?
    public var holds: Bool
}
