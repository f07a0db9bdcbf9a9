// SPDX-License-Identifier: Apache-2.0

public import Conversation
public import JSON

/// The errors of Anthropic's API (anthropic-messages.md, part 4).
public enum AnthropicProblem: ProblemShape {
    /// The types that say: the same request may succeed later.
    private static let retryableTypes: Set<String> = [
        "api_error", "conflict_error", "overloaded_error", "rate_limit_error", "timeout_error",
    ]

    /// How many tokens a request is taken for, of each kind: the gateway limits requests alone, but clients look for
    /// limits of tokens too.
    private static let tokensARequest = 1000

    public static var requestIDField: String? { "request-id" }

    public static func body(of problem: RequestProblem, requestID: String) -> [UInt8] {
        body(type: type(forStatus: problem.status), message: problem.message, requestID: requestID)
    }

    public static func fields(of limit: RateLimit) -> [(name: String, value: String)] {
        let reset = reset(of: limit)
        let kinds = [
            ("requests", 1), ("tokens", 2 * tokensARequest), ("input-tokens", tokensARequest),
            ("output-tokens", tokensARequest),
        ]
        return kinds.flatMap { kind, weight in
            [
                (name: "anthropic-ratelimit-\(kind)-limit", value: times(limit.limit, weight)),
                (name: "anthropic-ratelimit-\(kind)-remaining", value: times(limit.remaining, weight)),
                (name: "anthropic-ratelimit-\(kind)-reset", value: reset),
            ]
        }
    }

    /// The fault of an `error` event of an upstream.
    /// - Parameter problem: Its member `error`.
    public static func fault(from problem: JSONValue) -> ChatFault {
        ChatFault(
            kind: .upstreamError,
            message: problem["message"]?.text ?? problem.text ?? "The upstream gave no reason.",
            retryable: problem["type"]?.text.map(retryableTypes.contains) ?? false
        )
    }

    /// The body of an error; also the data of an `error` event, where the id may not be known.
    static func body(type: String, message: String, requestID: String?) -> [UInt8] {
        JSONText.object { text in
            text.member("type", "error")
            text.objectMember("error") { text in
                text.member("type", type)
                text.member("message", message)
            }
            if let requestID { text.member("request_id", requestID) }
        }
    }

    /// The type of a fault in mid-stream.
    static func type(for fault: ChatFault) -> String {
        switch fault.kind {
        case .overloaded: "overloaded_error"
        case .upstreamTimeout: "timeout_error"
        default: "api_error"
        }
    }

    private static func type(forStatus status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 408, 504: "timeout_error"
        case 409: "conflict_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 529: "overloaded_error"
        case 500...: "api_error"
        default: "invalid_request_error"
        }
    }

    private static func times(_ count: Int, _ weight: Int) -> String {
        let (product, overflow) = max(0, count).multipliedReportingOverflow(by: weight)
        return String(overflow ? Int.max : product)
    }

    /// In whole seconds, rounded up: whoever waits until then has waited long enough.
    private static func reset(of limit: RateLimit) -> String {
        let seconds = (limit.now + max(0, limit.resetSeconds)).rounded(.up)
        // Int64 holds nanoseconds until 2262.
        let bounded = seconds.isFinite ? min(max(seconds, 0), 9_000_000_000) : 0
        return RFC3339.text(unixNanoseconds: Int64(bounded) * 1_000_000_000, fractionDigits: 0)
    }
}
