// SPDX-License-Identifier: Apache-2.0

/// What one run has measured.
public struct RunRecord: Sendable {
    /// One, or two that are compared.
    public var targets: [TargetRecord] = []
    public var signals = TrustSignals()
    public var wasInterrupted = false

    public init() {}

    /// Adds what another process has measured of the same run.
    public mutating func merge(_ other: RunRecord) {}
}
