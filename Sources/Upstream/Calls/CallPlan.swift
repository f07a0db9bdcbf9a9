// SPDX-License-Identifier: Apache-2.0

/// Who may answer a request, and how it is carried through.
public struct CallPlan: Equatable, Sendable {
    /// At least one.
    public var targets: [CallTarget]
    public var policy: CallPolicy

    public init(targets: [CallTarget], policy: CallPolicy = CallPolicy()) {
        self.targets = targets
        self.policy = policy
    }
}
