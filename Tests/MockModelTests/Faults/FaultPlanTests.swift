// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import TestSupport
import Testing
import Typewriter
import WireFormats

struct FaultPlanTests {
    @Test(arguments: [
        ("reset@40", Fault(kind: .reset, place: .unit(40))),
        ("reset@40u", Fault(kind: .reset, place: .unit(40))),
        ("close@512b", Fault(kind: .close, place: .byte(512))),
        ("end@1500ms", Fault(kind: .end, place: .time(1500 * .millisecond))),
        ("error@2s", Fault(kind: .error, place: .time(2 * .second))),
        ("error@0.25s", Fault(kind: .error, place: .time(250 * .millisecond))),
        ("stall:2000@10", Fault(kind: .stall(2 * .second), place: .unit(10))),
        ("stall@5", Fault(kind: .stall(nil), place: .unit(5))),
        ("status:503", Fault(kind: .status(503, retryAfterSeconds: nil))),
        ("status:429:2", Fault(kind: .status(429, retryAfterSeconds: 2))),
        ("status:429:0.5~0.1", Fault(kind: .status(429, retryAfterSeconds: 0.5), probability: 0.1)),
        ("giant", Fault(kind: .giant(bytes: 1 << 20))),
        ("giant:70@3", Fault(kind: .giant(bytes: 70), place: .unit(3))),
        ("drip:120", Fault(kind: .drip(bytesPerSecond: 120))),
        ("split:utf8", Fault(kind: .split(.utf8))),
        ("line_ends:cr", Fault(kind: .lineEnds(.cr))),
        ("content_type:text/html; charset=utf-8", Fault(kind: .contentType("text/html; charset=utf-8"))),
        ("content_length", Fault(kind: .contentLength(excess: 1))),
        ("content_length:9", Fault(kind: .contentLength(excess: 9))),
        ("rate_limit:60", Fault(kind: .rateLimit(perMinute: 60))),
        ("missing_done", Fault(kind: .missingTerminator)),
        ("doubled_done", Fault(kind: .doubledTerminator)),
        ("missing_finish~0", Fault(kind: .missingFinish, probability: 0)),
        ("malformed_json", Fault(kind: .malformedJSON)),
        ("invalid_utf8@1", Fault(kind: .invalidUTF8, place: .unit(1))),
        ("broken_tool_arguments", Fault(kind: .brokenToolArguments)),
        ("unknown_fields", Fault(kind: .unknownFields)),
    ])
    func `a fault is read as it is written`(text: String, fault: Fault) throws {
        #expect(try FaultPlan(text) == FaultPlan([fault]))
        #expect(try FaultPlan(FaultPlan(text).text) == FaultPlan([fault]))
    }

    @Test func `a list keeps its order, and its text is its shortest`() throws {
        let plan = try FaultPlan("stall:2.5@10u,split:utf8~1,lose@0,reset@2s~0.25,comments")
        #expect(plan.text == "stall:2.5@10,split:utf8,lose,reset@2000ms~0.25,comments")
        #expect(try FaultPlan("") == FaultPlan([]))
    }

    @Test(arguments: [
        "resets", "reset:5", "reset@", "reset@-1", "reset@4x", "reset@1e9", "reset@99999999999", "reset~2", "reset~-1",
        "reset~nan", "reset~", "reset,", ",", " reset", "status", "status:", "status:200", "status:600", "status:503@4",
        "status:429:", "status:429:-1", "status:429:2:3", "stall:x", "stall:", "stall:1e99", "giant:0",
        "giant:99999999999",
        "drip", "drip:0", "drip:5@3", "split", "split:words", "line_ends:lf", "content_type", "content_type:",
        "content_type:a\r\nx: y", "content_type:é", "rate_limit:0", "rate_limit:+5", "comments@3", "reset@٣", "~",
        "@",
        ":", "reset@5s5", "reset@ms", "reset@b", "giant:67108864,giant:1",
    ])
    func `what is no fault is refused, and what is one is told`(text: String) {
        let problem = #expect(throws: RequestProblem.self) { try FaultPlan(text) }
        #expect(problem?.status == 400)
        #expect(problem?.code == "invalid_parameter")
        #expect(problem?.parameter == "fault")
        #expect(problem?.message.contains("has to be") == true)
    }

    @Test func `an unknown kind is told all that there are`() {
        let problem = #expect(throws: RequestProblem.self) { try FaultPlan("explode@3") }
        for name in ["status:CODE", "split:utf8|data|crlf|bytes", "unknown_fields", "[@PLACE]"] {
            #expect(problem?.message.contains(name) == true)
        }
    }

    @Test func `more faults than a plan may have are refused`() {
        let text = Array(repeating: "comments", count: FaultPlan.mostFaults).joined(separator: ",")
        #expect(throws: Never.self) { try FaultPlan(text) }
        #expect(throws: RequestProblem.self) { try FaultPlan(text + ",comments") }
    }

    @Test func `any text is read or refused, and what is read comes back from its text`() {
        var dice = Dice(seed: 5)
        let parts = [
            "reset", "stall", "status", "giant", "drip", "split", "content_type", "lose", "error", "@", "~", ":", ",",
            "40",
            "512b", "1500ms", "2s", "0.5", "503", "utf8", "-", "e", ".", "0.0001", "1e-7", "é", "\u{301}",
            "text/plain",
            "u",
        ]
        var read = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<9, using: &dice)
            let text = (0..<count).map { _ in parts.randomElement(using: &dice) ?? "" }.joined()
            guard let plan = try? FaultPlan(text) else { continue }
            read += 1
            #expect((try? FaultPlan(plan.text)) == plan, "\(text)")
        }
        #expect(read > 100)
    }

    // MARK: Drawing

    @Test func `the same seed draws the same faults`() throws {
        let plan = try FaultPlan("lose~0.5,duplicate~0.5,reset~0.5,comments~0.5")
        for seed in UInt64(0)..<200 { #expect(plan.drawn(seed: seed) == plan.drawn(seed: seed)) }
        #expect(Set((UInt64(0)..<200).map { FaultPlan(plan.drawn(seed: $0)).text }).count == 16)
    }

    @Test(arguments: [0, 0.1, 0.5, 0.9, 1])
    func `faults are drawn as often as they are likely`(probability: Double) {
        let plan = FaultPlan([Fault(kind: .reset, probability: probability)])
        let hits = (UInt64(0)..<4000).count { !plan.drawn(seed: $0).isEmpty }
        #expect(abs(Double(hits) / 4000 - probability) < 0.03)
        if probability == 0 || probability == 1 { #expect(hits == Int(probability) * 4000) }
    }

    // MARK: Before the stream

    @Test func `what concerns the head of the answer is asked of the plan`() throws {
        let plan = try FaultPlan("status:429:2,status:500,content_type:a/b,content_length:4,rate_limit:3")
        #expect(plan.status?.code == 429)
        #expect(plan.status?.retryAfterSeconds == 2)
        #expect(plan.contentType == "a/b")
        #expect(plan.contentLengthExcess == 4)
        #expect(plan.rateLimit == 3)
        #expect(!plan.brokenToolArguments)
        #expect(!plan.altersBody)
        #expect(try FaultPlan("broken_tool_arguments").brokenToolArguments)
        #expect(try FaultPlan("status:500,comments").altersBody)
        #expect(FaultPlan([]).status == nil)
    }

    @Test func `broken tool arguments lack their last character`() {
        func script(_ arguments: String) -> AnswerScript {
            AnswerScript(steps: [.text([65]), .toolCall(.init(id: "1", name: "f", arguments: Array(arguments.utf8)))])
        }
        #expect(script("{\"a\":1}").breakingToolArguments() == script("{\"a\":1"))
        #expect(script("\"é").breakingToolArguments() == script("\""))
        #expect(script("").breakingToolArguments() == script("{"))
    }
}
