// SPDX-License-Identifier: Apache-2.0

extension VerifyReport {
    /// The report as JUnit XML: a case for each kind of error that is looked for.
    public var junit: [UInt8] {
        let cases = cases
        let failures = cases.count { $0.failure != nil }
        let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\""
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"typebar bench verify\" \(counts)>\n"
        text += "  <testsuite name=\"\(url.xmlEscaped)\" \(counts) errors=\"0\" skipped=\"0\">\n"
        for item in cases {
            text += "    <testcase classname=\"typebar.bench.verify\" name=\"\(item.name.xmlEscaped)\""
            if let failure = item.failure {
                text += ">\n      <failure message=\"\(failure.xmlEscaped)\"/>\n    </testcase>\n"
            } else {
                text += "/>\n"
            }
        }
        return Array((text + "  </testsuite>\n</testsuites>\n").utf8)
    }
}
