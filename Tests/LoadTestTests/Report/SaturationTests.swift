// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct SaturationTests {
    @Test func `a level is too much when its first token takes more than four times as long`() {
        let saturation = MadeUpReport.sweep().saturation
        #expect(saturation?.level == 3)
        guard case .slow(let factor) = saturation?.reason else {
            Issue.record("\(String(describing: saturation))")
            return
        }
        #expect((8.9...9.1).contains(factor))
    }

    @Test func `a level is too much when the client breaks, requests fail, or cannot begin`() {
        var report = MadeUpReport.sweep()
        report.runs[2].record.targets[0].begun = 1140
        #expect(report.saturation?.reason == .behind(share: 1140.0 / 1206))
        report.runs[2].record.targets[0].ends = [.complete: 90, .reset: 10]
        #expect(report.saturation?.reason == .errors(share: 0.1))
        report.runs[2].verdict.level = .clientBound
        #expect(report.saturation?.reason == .clientBound)
        #expect(report.saturation?.level == 2)
    }

    @Test func `more users who get no more tokens are too many`() {
        var report = MadeUpReport.sweep()
        for index in report.runs.indices { report.runs[index].isClosedLoop = true }
        guard case .noGain = report.saturation?.reason else {
            Issue.record("\(String(describing: report.saturation))")
            return
        }
        #expect(report.saturation?.level == 1)
        for index in report.runs.indices { report.runs[index].record.targets[0].contents <<= index }
        #expect(report.saturation?.level == 3)
    }

    @Test func `one run is no sweep`() {
        #expect(MadeUpReport.closedLoop().saturation == nil)
    }
}
