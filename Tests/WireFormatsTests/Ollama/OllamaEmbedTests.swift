// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WireFormats

struct OllamaEmbedTests {
    private static let vectors: [[Float]] = [[0.5, -0.25, 0.1], [1, 0, 1e-8]]

    @Test(arguments: [
        (#"{"model":"m","input":"a"}"#, ["a"]), (#"{"model":"m","input":["a","","b"]}"#, ["a", "", "b"]),
        (#"{"model":"m","input":""}"#, []), (#"{"model":"m"}"#, []), (#"{"model":"m","input":[],"dimensions":0}"#, []),
    ])
    func `texts come alone or in a list`(body: String, inputs: [String]) throws {
        let request = try OllamaEmbed(body: Array(body.utf8))
        #expect(request.inputs == inputs)
        #expect(request.dimensions == nil)
        #expect(!request.isOld)
    }

    @Test(
        arguments: [
            (#"{"input":"a"}"#, "model"), (#"{"model":"","input":"a"}"#, "model"),
            (#"{"model":"m","input":5}"#, "input"), (#"{"model":"m","input":["a",1]}"#, "input"),
            (#"{"model":"m","input":"a","dimensions":-1}"#, "dimensions"),
            (#"{"model":"m","input":"a","dimensions":100000}"#, "dimensions"),
        ]
    )
    func `what Ollama refuses is refused`(body: String, parameter: String) {
        let problem = #expect(throws: RequestProblem.self) { try OllamaEmbed(body: Array(body.utf8)) }
        #expect(problem?.parameter == parameter)
    }

    @Test
    func `vectors are arrays of numbers, in the old call just one`() throws {
        let new = try OllamaEmbed(body: Array(#"{"model":"m","input":["a","b"],"dimensions":3}"#.utf8))
        let old = try OllamaEmbed(oldBody: Array(#"{"model":"m","prompt":"a"}"#.utf8))
        #expect(old.inputs == ["a"])
        #expect(old.isOld)
        let bodies = [new, old].map { $0.body(of: Self.vectors, model: "mock-embed", inputTokens: 4) }
        let body = Array(bodies.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
        #expect(body == GoldenFile.format("ollama/embed.ndjson").bytes(replacedBy: body))
    }
}
