// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WireFormats

/// The errors of openai-chat.md, part 4, and the fields of part 5.
struct OpenAIProblemTests {
    @Test(arguments: [
        (400, "missing_required_parameter", "messages"), (401, "invalid_api_key", nil), (403, "forbidden", nil),
        (404, "unknown_model", "model"), (405, "method_not_allowed", nil), (408, "request_timeout", nil),
        (409, "conflict", nil), (413, "payload_too_large", nil), (415, "unsupported_media_type", nil),
        (422, "unprocessable_entity", nil), (429, "rate_limit_exceeded", nil), (500, "internal", nil),
        (502, "upstream_refused", nil), (503, "overloaded", nil), (504, "upstream_timeout", nil),
    ])
    func `each status has a body of its own`(status: Int, code: String, parameter: String?) {
        let problem = RequestProblem(status: status, code: code, message: "Not so.", parameter: parameter)
        let actual = OpenAIProblem.body(of: problem, requestID: "req_1")
        let golden = GoldenFile.openAIChat("error-\(status).json").bytes(replacedBy: actual)
        #expect(String(decoding: actual, as: UTF8.self) == String(decoding: golden, as: UTF8.self))
    }

    @Test(arguments: [
        (400, "malformed_json", "invalid_request_error", nil), (404, "not_found", "invalid_request_error", nil),
        (429, "slow_down", "rate_limit_error", "slow_down"),
        (429, "insufficient_quota", "insufficient_quota", "insufficient_quota"),
        (429, "credit_balance_exhausted", "insufficient_quota", "credit_balance_exhausted"),
        (403, "model_not_found", "invalid_request_error", "model_not_found"),
        (400, "context_length_exceeded", "invalid_request_error", "context_length_exceeded"),
    ])
    func `a code of ours gives way to OpenAI's, a code of OpenAI's stays`(
        status: Int,
        code: String,
        type: String,
        shown: String?
    ) {
        let problem = RequestProblem(status: status, code: code, message: "m")
        let body = String(decoding: OpenAIProblem.body(of: problem, requestID: ""), as: UTF8.self)
        let last = shown.map { "\"\($0)\"" } ?? "null"
        #expect(body == #"{"error":{"message":"m","type":"\#(type)","param":null,"code":\#(last)}}"#)
    }

    @Test(arguments: [
        (0, "0s"), (-1, "0s"), (0.0121, "13ms"), (0.9999, "1s"), (1, "1s"), (1.5, "1.5s"), (8.64, "8.64s"),
        (59.999, "59.999s"),
        (60, "1m0s"), (360, "6m0s"), (3600, "1h0m0s"), (4350, "1h12m30s"), (Double.infinity, "888888h53m20s"),
        (Double.nan, "0s"),
    ])
    func `a limit's reset is a duration`(seconds: Double, text: String) {
        let limit = RateLimit(limit: 60, remaining: 59, resetSeconds: seconds, now: 0)
        let fields = OpenAIProblem.fields(of: limit)
        #expect(fields.map(\.value) == ["60", "60000", "59", "59000", text, text])
        #expect(
            fields.map(\.name) == [
                "x-ratelimit-limit-requests", "x-ratelimit-limit-tokens", "x-ratelimit-remaining-requests",
                "x-ratelimit-remaining-tokens", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens",
            ]
        )
    }

    @Test
    func `the request's id has OpenAI's name, and a limit too large for tokens is the largest`() {
        #expect(OpenAIProblem.requestIDField == "x-request-id")
        let limit = RateLimit(limit: .max, remaining: 0, resetSeconds: 0, now: 0)
        #expect(OpenAIProblem.fields(of: limit)[1].value == String(Int.max))
    }
}
