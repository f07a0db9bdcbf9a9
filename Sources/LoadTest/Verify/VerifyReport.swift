// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// What `bench verify` has found.
public struct VerifyReport: Equatable, Sendable {
    /// A check of a JUnit report, and why it failed.
    public struct Case: Equatable, Sendable {
        public var name: String
        /// Nil: it passed.
        public var failure: String?
    }

    /// Without keys.
    public let url: String
    public private(set) var format: StreamFormat?
    public private(set) var requests = 0
    public private(set) var events = 0
    /// Of all bodies.
    public private(set) var bytes = 0
    /// Of the text that is shown.
    public private(set) var textBytes = 0
    /// Connections that were dropped and gone on with.
    public private(set) var cuts = 0
    private var log = FindingLog()

    init(url: String) {
        self.url = SecretMask.url(url)
    }

    mutating func add(_ answer: AnswerInspector) {
        format = format ?? answer.format
        requests += 1
        events += answer.events
        bytes += answer.bytes
        textBytes += answer.text.count
        log.merge(answer.log)
    }

    mutating func add(_ outcome: ResumeCheck.Outcome) {
        cuts += outcome.cuts
        // Notes are of the first answer; those of connections that we drop ourselves say nothing.
        for finding in outcome.log.findings where finding.severity == .error { log.add(finding) }
    }

    /// One of each kind: errors first, each in the order in which they were found.
    public var findings: [Finding] {
        log.findings.filter { $0.severity == .error } + log.findings.filter { $0.severity == .note }
    }

    /// No error was found; notes are none.
    public var isVerified: Bool { !log.findings.contains { $0.severity == .error } }

    /// For the process: 0 where all is right, 1 where it is not.
    public var exitCode: Int32 { isVerified ? 0 : 1 }

    /// The report as text; the first line is the verdict.
    public var lines: [String] {
        let errors = findings.count { $0.severity == .error }
        let name = format?.rawValue ?? "unknown format"
        let what =
            "\(name), \(Self.counted(requests, "answer")), \(Self.counted(events, "event")), "
            + "\(Self.counted(textBytes, "byte")) of text" + (cuts > 0 ? ", \(Self.counted(cuts, "cut")) resumed" : "")
        return [errors == 0 ? "verified: \(what)" : "\(Self.counted(errors, "finding")): \(what)"]
            + findings.map { "  " + $0.line }
    }

    /// Each kind of error as a check.
    public var cases: [Case] {
        FindingKind.allCases.filter { $0.severity == .error }.map { kind in
            Case(name: kind.rawValue, failure: findings.first { $0.kind == kind }?.line)
        }
    }

    /// The report as JSON.
    public var json: [UInt8] {
        JSONText.object { text in
            text.member("schema", 1)
            text.member("url", url)
            if let format { text.member("format", format.rawValue) } else { text.nullMember("format") }
            text.member("verified", isVerified)
            text.member("requests", requests)
            text.member("events", events)
            text.member("bytes", bytes)
            text.member("text_bytes", textBytes)
            text.member("cuts", cuts)
            text.arrayMember("findings") { text in
                for finding in findings { Self.append(finding, to: &text) }
            }
        }
    }

    private static func append(_ finding: Finding, to text: inout JSONText) {
        text.object { text in
            text.member("kind", finding.kind.rawValue)
            text.member("severity", finding.severity.rawValue)
            if let event = finding.event { text.member("event", event) } else { text.nullMember("event") }
            if let offset = finding.offset { text.member("offset", offset) } else { text.nullMember("offset") }
            text.member("seen", finding.seen)
            text.member("expected", finding.expected)
            text.member("count", finding.count)
        }
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
