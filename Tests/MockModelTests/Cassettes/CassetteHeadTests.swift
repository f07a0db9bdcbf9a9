// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import Testing

/// What a recorder adds to a file, beside what a file must have.
struct CassetteHeadTests {
    @Test func `the time of the head, the want of a status and the reason come back`() throws {
        let answered = Cassette(
            format: .gemini,
            status: 429,
            headTime: 12,
            reads: [.init(time: 20, bytes: [65])],
            ending: .reset,
            endTime: 30,
            reason: "Connection reset by \"peer\""
        )
        #expect(try Cassette(text: answered.write(), source: "") == answered)
        let refused = Cassette(format: .gemini, status: nil, reads: [], ending: .refused, endTime: 3, reason: "DNS")
        #expect(try Cassette(text: refused.write(), source: "") == refused)
        let short = #"{"typebar_cassette":1,"format":"gemini"}"# + "\n" + #"{"t":3,"end":"refused","reason":"DNS"}"#
        #expect(try Cassette(text: Array(short.utf8), source: "") == refused)
    }

    @Test(arguments: [
        ("application/json", "{\"a\":1}", 200, true), ("application/json; charset=utf-8", "\n {", 200, true),
        ("application/json", "[{", 200, false), ("application/json", "{\"error\":1}", 500, false),
        ("text/event-stream", "data: {}", 200, false), ("application/x-ndjson", "{}", 200, false),
    ])
    func `a whole answer is told from a stream`(type: String, body: String, status: Int, isWhole: Bool) {
        let cassette = Cassette(
            format: .gemini,
            status: status,
            fields: [.init(name: "content-type", value: type)],
            reads: [.init(time: 1, bytes: Array(body.utf8))],
            endTime: 2
        )
        #expect(cassette.isWhole == isWhole)
    }

    @Test(arguments: [
        (#"{"t":1,"text":"a","reason":"b"}"#, "Beside"), (#"{"t":9,"end":"reset","reason":1}"#, "string"),
        (#"{"t":4,"end":"reset"}"#, "falls"), (#"{"t":9,"reason":"b"}"#, "Beside"),
    ])
    func `a line that says more than it may is told`(line: String, word: String) {
        let head = #"{"typebar_cassette":1,"format":"gemini","status":200,"headers":{},"t":5}"#
        let problem = #expect(throws: CassetteProblem.self) {
            try Cassette(text: Array((head + "\n" + line.replacing("\"t\":1,", with: "\"t\":6,")).utf8), source: "")
        }
        #expect(problem?.line == 2)
        #expect(problem?.message.contains(word) == true)
    }
}
