// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct AnthropicProblemTests {
    @Test(arguments: [
        (400, "invalid_request_error"), (401, "authentication_error"), (402, "billing_error"),
        (403, "permission_error"),
        (404, "not_found_error"), (405, "invalid_request_error"), (408, "timeout_error"), (409, "conflict_error"),
        (413, "request_too_large"), (415, "invalid_request_error"), (422, "invalid_request_error"),
        (429, "rate_limit_error"), (500, "api_error"), (502, "api_error"), (503, "api_error"), (504, "timeout_error"),
        (529, "overloaded_error"),
    ])
    func `each status has its type`(status: Int, type: String) throws {
        let problem = RequestProblem(status: status, code: "c", message: "It went \"wrong\".", parameter: "p")
        let actual = AnthropicProblem.body(of: problem, requestID: "req_011")
        #expect(try JSONReader.read(actual)["error"]?["type"]?.text == type)
        #expect(actual == AnthropicGolden.bytes("error_\(status).json", replacedBy: actual))
    }

    @Test
    func `the request's id has the field that the format's clients read`() {
        #expect(AnthropicProblem.requestIDField == "request-id")
    }

    @Test
    func `each kind of limit tells how much is left and when all is there again`() {
        let limit = RateLimit(limit: 50, remaining: 3, resetSeconds: 11.2, now: 1_755_780_048.9)
        let fields = AnthropicProblem.fields(of: limit).map { "\($0.name): \($0.value)" }
        #expect(
            fields == [
                "anthropic-ratelimit-requests-limit: 50", "anthropic-ratelimit-requests-remaining: 3",
                "anthropic-ratelimit-requests-reset: 2025-08-21T12:41:01Z",
                "anthropic-ratelimit-tokens-limit: 100000", "anthropic-ratelimit-tokens-remaining: 6000",
                "anthropic-ratelimit-tokens-reset: 2025-08-21T12:41:01Z",
                "anthropic-ratelimit-input-tokens-limit: 50000", "anthropic-ratelimit-input-tokens-remaining: 3000",
                "anthropic-ratelimit-input-tokens-reset: 2025-08-21T12:41:01Z",
                "anthropic-ratelimit-output-tokens-limit: 50000", "anthropic-ratelimit-output-tokens-remaining: 3000",
                "anthropic-ratelimit-output-tokens-reset: 2025-08-21T12:41:01Z",
            ]
        )
    }

    @Test(arguments: [.nan, .infinity, -.infinity, 1e300, -1e300, 0] as [Double])
    func `no number breaks the fields`(number: Double) {
        let limit = RateLimit(limit: .max, remaining: .min, resetSeconds: number, now: number)
        let fields = AnthropicProblem.fields(of: limit)
        #expect(fields.count == 12)
        #expect(fields.filter { $0.name.hasSuffix("-reset") }.allSatisfy { $0.value.utf8.count == 20 })
    }
}
