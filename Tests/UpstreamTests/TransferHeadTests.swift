// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Upstream

struct TransferHeadTests {
    @Test(arguments: [
        ("12", 12.0), ("0.5", 0.5), ("Sun, 06 Nov 1994 08:49:39 GMT", 2), ("Sun Nov  6 08:49:40 1994", 3),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0), ("-5", nil), ("soon", nil), ("", nil), ("nan", nil), ("1e9", nil),
    ])
    func `the time to wait is a number or a date`(text: String, seconds: Double?) {
        let fields = [("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("Retry-After", text)]
        #expect(TransferHead(status: 429, fields: fields.map(TransferRequest.Field.init)).retryAfter == seconds)
    }

    @Test func `milliseconds win over seconds`() {
        let fields = [("retry-after", "9"), ("Retry-After-Ms", "250")]
        #expect(TransferHead(status: 429, fields: fields.map(TransferRequest.Field.init)).retryAfter == 0.25)
    }

    @Test func `interim heads and trailers are not the answer's`() {
        var collector = HeadCollector()
        let interim = ["HTTP/1.1 103 Early Hints\r\n", "Link: a\r\n", "\r\n"]
        let final = ["HTTP/1.1 200 OK\r\n", "Content-Type:\ttext/plain  \r\n", " folded: x\r\n", "X:\r\n", "\r\n"]
        let ends = (interim + final).map { line in
            Array(line.utf8).withUnsafeBytes { collector.take($0, isKept: true) }
        }
        #expect(ends == [false, false, true, false, false, false, false, true])
        let head = collector.finish(status: 200)
        #expect(head.fields.map(\.name) == ["Content-Type", "X"] && head.contentType == "text/plain")
    }

    @Test func `heads without end are given up`() {
        var collector = HeadCollector()
        let line = Array("X: \(String(repeating: "x", count: 1000))\r\n".utf8)
        let isEnded = (0..<1000).contains { _ in line.withUnsafeBytes { collector.take($0, isKept: true) } == nil }
        #expect(isEnded)
    }
}
