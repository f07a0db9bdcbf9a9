// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

/// Numbers that no honest server sends: they are findings, or nothing, and never the end of this process.
struct HostileNumbersTests {
    private static let extremes = [
        "\(Int.max)", "\(Int.min)", "\(Int.max - 1)", "\(1 << 60)", "-1", "0", "1e308", "-1e308",
        "99999999999999999999",
    ]

    /// Some of a text's numbers, made others.
    private static func spoilt(_ text: String, _ dice: inout Dice) -> String {
        var result = ""
        var isInNumber = false
        for scalar in text.unicodeScalars {
            guard ("0"..."9").contains(scalar) else {
                isInNumber = false
                result.unicodeScalars.append(scalar)
                continue
            }
            if !isInNumber, Int.random(in: 0..<3, using: &dice) == 0 {
                result += extremes.randomElement(using: &dice) ?? ""
                isInNumber = true
            }
            if !isInNumber { result.unicodeScalars.append(scalar) }
        }
        return result
    }

    @Test(arguments: AnswerInspectorTests.right)
    func `an answer of any numbers can be verified`(name: String, format: StreamFormat) {
        var dice = Dice(seed: 11)
        let body = Inspection.golden(name)
        for _ in 0..<40 {
            var inspection = Inspection.ofNDJSON(name)
            inspection.format = format
            #expect(inspection.judge(Self.spoilt(body, &dice)).events > 0)
        }
    }

    @Test(arguments: StreamFormat.allCases)
    func `a stream of any numbers can be measured`(format: StreamFormat) throws {
        var dice = Dice(seed: 12)
        let frames = format == .eventSource ? SampleStream.plain(["a", "b", "c"]) : try SampleStream.frames(format)
        let reader = TargetReader(target: PlayedResponse.target(format))
        let type = format == .ollama ? "application/x-ndjson" : "text/event-stream"
        for _ in 0..<100 {
            let spoilt = frames.map { Self.spoilt($0, &dice) }
            #expect(PlayedResponse.play(PlayedResponse.chunked(spoilt, type: type), to: reader).end != nil)
        }
    }

    @Test func `ids that end where numbers do are followed to their end, and no further`() {
        let reader = TargetReader(target: PlayedResponse.target(.openAIChat))
        let data = #"data: {"choices":[{"index":0,"delta":{"content":"a"}}]}"#
        let ids = (0..<8).map { Int64.max - 7 + $0 } + [5]
        let frames = ids.map { "id: \($0)\n\(data)\n\n" } + ["data: [DONE]\n\n"]
        #expect(PlayedResponse.play(PlayedResponse.chunked(frames), to: reader).end == .repeatedIDs)
    }

    @Test func `ids far apart are findings`() {
        let body = [Int.min, Int.max, -5, 1 << 61].map { "id: \($0)\ndata: a\n\n" }.joined()
        #expect(Inspection(format: .eventSource).errors(body) == [.ids])
    }
}
