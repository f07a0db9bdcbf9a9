// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing

@testable import LoadTest

struct VerifyReportTests {
    private func report(_ bodies: String...) -> VerifyReport {
        var report = VerifyReport(url: "http://h/")
        for body in bodies { report.add(Inspection(expect: "ab").judge(body)) }
        return report
    }

    @Test func `the first line is the verdict`() {
        let right = report(Inspection.chat(["a", "b"]))
        #expect(right.lines == ["verified: event_source, 1 answer, 4 events, 2 bytes of text"])
        #expect(right.isVerified && right.exitCode == 0)
        let wrong = report(Inspection.chat(["a"]), ": x\n\n" + Inspection.chat(["a"]))
        #expect(wrong.lines.first == "1 finding: event_source, 2 answers, 6 events, 2 bytes of text")
        #expect(wrong.lines.count == 3 && wrong.exitCode == 1)
        #expect(wrong.lines[1].contains("lose") && wrong.lines[1].hasSuffix("(2 times)"))
        #expect(wrong.lines[2].hasPrefix("  note: comments"))
    }

    @Test func `its JSON has each finding once`() throws {
        let wrong = report(Inspection.chat(["a"]), Inspection.chat(["a"]))
        let json = try JSONReader.read(wrong.json)
        #expect(json["verified"]?.bool == false && json["requests"]?.integer == 2)
        let findings = json["findings"]?.array ?? []
        #expect(findings.count == 1 && findings[0]["kind"]?.text == "lose" && findings[0]["count"]?.integer == 2)
    }

    @Test func `each kind of error is a check, and notes are none`() {
        let cases = report(": x\n\n" + Inspection.chat(["a"])).cases
        #expect(cases.filter { $0.failure != nil }.map(\.name) == ["lose"])
        #expect(!cases.contains { $0.name == "comments" } && cases.contains { $0.name == "broken_tool_arguments" })
    }
}
