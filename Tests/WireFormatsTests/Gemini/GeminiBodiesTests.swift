// SPDX-License-Identifier: Apache-2.0

import Testing
import WireFormats

struct GeminiBodiesTests {
    @Test(arguments: [
        ("error_400", RequestProblem(code: "invalid_value", message: "Wrong.", parameter: "contents[0].role")),
        ("error_400_key", RequestProblem(code: "invalid_api_key", message: "This key is not known.")),
        ("error_404", RequestProblem(status: 404, code: "unknown_model", message: "None.", parameter: "model")),
        ("error_429", RequestProblem(status: 429, code: "rate_limit_exceeded", message: "Too fast.", retryAfter: 2)),
        ("error_503", RequestProblem(status: 503, code: "overloaded", message: "Busy.", retryAfter: 1.5)),
    ])
    func `an error is as its transcript`(name: String, problem: RequestProblem) {
        let actual = GeminiProblem.body(of: problem, requestID: "req_1")
        #expect(actual == GeminiGolden.bytes("\(name).json", replacedBy: actual))
        #expect(actual.starts(with: Array(#"{"error":{"code":\#(problem.status),"#.utf8)))
    }

    @Test(arguments: [
        (400, "INVALID_ARGUMENT"), (401, "UNAUTHENTICATED"), (403, "PERMISSION_DENIED"), (404, "NOT_FOUND"),
        (405, "INVALID_ARGUMENT"), (408, "DEADLINE_EXCEEDED"), (409, "ABORTED"), (413, "INVALID_ARGUMENT"),
        (415, "INVALID_ARGUMENT"), (429, "RESOURCE_EXHAUSTED"), (499, "CANCELLED"), (500, "INTERNAL"),
        (501, "UNIMPLEMENTED"), (502, "UNAVAILABLE"), (503, "UNAVAILABLE"), (504, "DEADLINE_EXCEEDED"),
        (599, "INTERNAL"),
    ])
    func `a status has its canonical name`(status: Int, name: String) {
        let body = GeminiProblem.body(of: RequestProblem(status: status, code: "c", message: "m"), requestID: "")
        #expect(body == Array(#"{"error":{"code":\#(status),"message":"m","status":"\#(name)"}}"#.utf8))
    }

    @Test
    func `lists, counts and vectors are as their transcripts`() throws {
        let single = try GeminiEmbedRequest(body: Array(#"{"content":{"parts":[{"text":"a"}]}}"#.utf8), isBatch: false)
        let batch = try GeminiEmbedRequest(
            body: Array(#"{"requests":[{"content":{"parts":{"text":"a"}}}]}"#.utf8),
            isBatch: true
        )
        let bodies = [
            ("models", GeminiModels.list([(name: "mock", displayName: "Mock"), (name: "echo", displayName: "Echo")])),
            ("model", GeminiModels.model(name: "mock", displayName: "Mock \"1\"")),
            ("count", GeminiCount.body(tokens: 31)),
            ("embed", single.body(of: [[0.5, -1, 0.125]])),
            ("batch_embed", batch.body(of: [[0.5], [1e-7, 3]])),
        ]
        for (name, actual) in bodies { #expect(actual == GeminiGolden.bytes("\(name).json", replacedBy: actual)) }
    }

    @Test
    func `a request for vectors has texts and a size`() throws {
        let request = try GeminiEmbedRequest(
            body: Array(
                #"""
                {"requests":[{"model":"models/e","content":{"parts":[{"text":"one "},{"text":"two"}]},
                "outputDimensionality":4},
                {"content":{"parts":[{"text":"three"}]},"output_dimensionality":"4","task_type":"RETRIEVAL_QUERY"}]}
                """#.utf8
            ),
            isBatch: true
        )
        #expect(request.texts == ["one two", "three"])
        #expect(request.dimensions == 4)
    }

    @Test(arguments: [
        (#"{}"#, false, "content"), (#"{"content":5}"#, false, "content"), (#"{}"#, true, "requests"),
        (#"{"requests":[]}"#, true, "requests"), (#"{"requests":[{}]}"#, true, "requests[0].content"),
        (#"{"content":{"parts":[{"text":"a"}]},"outputDimensionality":0}"#, false, "outputDimensionality"),
        (#"{"content":{"parts":[]}}"#, false, "content.parts"),
    ])
    func `a request for vectors that cannot be read says where`(body: String, isBatch: Bool, parameter: String) {
        #expect {
            try GeminiEmbedRequest(body: Array(body.utf8), isBatch: isBatch)
        } throws: { error in
            (error as? RequestProblem)?.parameter == parameter
        }
    }
}
