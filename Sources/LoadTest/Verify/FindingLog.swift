// SPDX-License-Identifier: Apache-2.0

/// Collects findings, one of each kind: the first, and how often there were more.
struct FindingLog: Equatable, Sendable {
    private(set) var findings: [Finding] = []

    mutating func add(_ kind: FindingKind, seen: String, expected: String = "", event: Int? = nil, offset: Int? = nil) {
        add(Finding(kind: kind, event: event, offset: offset, seen: seen.printable, expected: expected.printable))
    }

    mutating func add(_ kind: FindingKind, _ frame: StreamFrame?, seen: String, expected: String = "") {
        add(kind, seen: seen, expected: expected, event: frame?.number, offset: frame?.offset)
    }

    mutating func add(_ finding: Finding) {
        if let index = findings.firstIndex(where: { $0.kind == finding.kind }) {
            findings[index].count += finding.count
        } else {
            findings.append(finding)
        }
    }

    mutating func merge(_ other: FindingLog) {
        for finding in other.findings { add(finding) }
    }

    mutating func remove(_ kind: FindingKind) {
        findings.removeAll { $0.kind == kind }
    }

    func contains(_ kind: FindingKind) -> Bool {
        findings.contains { $0.kind == kind }
    }

    func contains(where matches: (FindingKind) -> Bool) -> Bool {
        findings.contains { matches($0.kind) }
    }
}
