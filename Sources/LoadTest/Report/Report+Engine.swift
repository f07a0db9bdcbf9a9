// SPDX-License-Identifier: Apache-2.0

extension Report {
    /// Names the engine, and what it spoke: of two targets, both where they differ.
    public mutating func setEngine(_ engine: LoadPlan.Engine, _ record: RunRecord) {
        let wires = record.targets.map { $0.wire ?? "HTTP/1.1" }
        let spoken = Set(wires).count == 1 ? wires[0] : wires.joined(separator: " against ")
        self.engine = engine == .epoll || wires.isEmpty ? engine.rawValue : "\(engine.rawValue) (\(spoken))"
    }
}
