// SPDX-License-Identifier: Apache-2.0

/// What one run has measured.
public struct RunRecord: Equatable, Sendable {
    /// One, or two that are compared.
    public var targets: [TargetRecord] = []
    public var signals = TrustSignals()
    public var wasInterrupted = false

    public init() {}

    /// Adds what another process has measured of the same run.
    public mutating func merge(_ other: RunRecord) {
        for (index, target) in other.targets.enumerated() {
            if index < targets.count { targets[index].merge(target) } else { targets.append(target) }
        }
        signals.merge(other.signals)
        wasInterrupted = wasInterrupted || other.wasInterrupted
    }
}
