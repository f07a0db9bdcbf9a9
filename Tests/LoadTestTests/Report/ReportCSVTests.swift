// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct ReportCSVTests {
    @Test func `there is a row for each metric of each target of each run, each with all fields`() {
        let rows = lines(MadeUpReport.comparison())
        #expect(rows.count == 1 + 2 * Metric.allCases.count)
        #expect(rows.first?.hasPrefix("run,load,verdict,target,url,format,metric,unit,count,mean,min,p50") == true)
        // The load has a comma within its quotes.
        #expect(rows.dropFirst().allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 18 })
    }

    @Test func `times are in milliseconds, to the microsecond`() {
        let row = lines(MadeUpReport.closedLoop()).first { $0.contains(",max_gap,") }
        #expect(row?.contains(",ms,1200,27.564,23.600,") == true, "\(row ?? "")")
        #expect(row?.hasSuffix(",420.000") == true, "\(row ?? "")")
    }

    @Test func `what was not measured, or too seldom, is an empty field`() {
        let rows = lines(MadeUpReport.closedLoop())
        #expect(rows.contains { $0.hasSuffix(",late,ms,0,,,,,,,,") })
    }

    @Test func `commas, quotes and line ends are quoted`() {
        var report = MadeUpReport.closedLoop()
        report.runs[0].load = "a,\"b\"\r\nc"
        let text = String(decoding: ReportCSV.bytes(report), as: UTF8.self)
        #expect(text.contains("\r\n1,\"a,\"\"b\"\"\r\nc\",trusted,"))
    }

    private func lines(_ report: Report) -> [String] {
        let text = String(decoding: ReportCSV.bytes(report), as: UTF8.self)
        #expect(text.hasSuffix("\r\n"))
        return text.split(separator: "\r\n").map(String.init)
    }
}
