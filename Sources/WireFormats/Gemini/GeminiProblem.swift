// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// The errors of Google's APIs (gemini.md, Errors). `error` is the first member: SDKs look for it there.
public enum GeminiProblem: ProblemShape {
    private static let details = "type.googleapis.com/google.rpc."

    public static var requestIDField: String? { nil }

    public static func fields(of limit: RateLimit) -> [(name: String, value: String)] { [] }

    public static func body(of problem: RequestProblem, requestID: String) -> [UInt8] {
        JSONText.object { text in
            text.objectMember("error") { text in
                text.member("code", problem.status)
                text.member("message", problem.message)
                text.member("status", name(ofStatus: problem.status))
                guard hasDetails(problem) else { return }
                text.arrayMember("details") { writeDetails(of: problem, to: &$0) }
            }
        }
    }

    /// The error as it stands in the middle of a stream: over several lines, and no event.
    static func appendIndented(_ problem: RequestProblem, to out: inout [UInt8]) {
        var message = JSONText()
        message.string(problem.message)
        out += Array("{\n  \"error\": {\n    \"code\": \(problem.status),\n    \"message\": ".utf8)
        out += message.bytes
        out += Array(",\n    \"status\": \"\(name(ofStatus: problem.status))\"\n  }\n}\n".utf8)
    }

    static func problem(of fault: ChatFault) -> RequestProblem {
        let status =
            switch fault.kind {
            case .overloaded, .upstreamRefused, .upstreamReset: 503
            case .upstreamTimeout: 504
            case .cancelled: 499
            case .upstreamStatus: fault.status.flatMap { (400...599).contains($0) ? $0 : nil } ?? 503
            case .upstreamProtocol, .upstreamError, .truncated, .internal: fault.retryable ? 503 : 500
            }
        return RequestProblem(status: status, code: fault.kind.rawValue, message: fault.message)
    }

    /// The canonical name of Google's for an HTTP status.
    private static func name(ofStatus status: Int) -> String {
        switch status {
        case 401: "UNAUTHENTICATED"
        case 403: "PERMISSION_DENIED"
        case 404: "NOT_FOUND"
        case 408, 504: "DEADLINE_EXCEEDED"
        case 409: "ABORTED"
        case 412: "FAILED_PRECONDITION"
        case 416: "OUT_OF_RANGE"
        case 429: "RESOURCE_EXHAUSTED"
        case 499: "CANCELLED"
        case 501: "UNIMPLEMENTED"
        case 502, 503, 529: "UNAVAILABLE"
        case 500...: "INTERNAL"
        default: "INVALID_ARGUMENT"
        }
    }

    private static func hasDetails(_ problem: RequestProblem) -> Bool {
        problem.code == "invalid_api_key" || problem.retryAfter != nil
            || (problem.status == 400 && problem.parameter != nil)
    }

    private static func writeDetails(of problem: RequestProblem, to text: inout JSONText) {
        if problem.code == "invalid_api_key" {
            text.object { text in
                text.member("@type", details + "ErrorInfo")
                text.member("reason", "API_KEY_INVALID")
                text.member("domain", "googleapis.com")
                text.objectMember("metadata") { $0.member("service", "generativelanguage.googleapis.com") }
            }
        }
        if problem.status == 400, let parameter = problem.parameter {
            text.object { text in
                text.member("@type", details + "BadRequest")
                text.arrayMember("fieldViolations") { text in
                    text.object { text in
                        text.member("field", parameter)
                        text.member("description", problem.message)
                    }
                }
            }
        }
        if let seconds = problem.retryAfter {
            text.object { text in
                text.member("@type", details + "RetryInfo")
                text.member("retryDelay", (Int(exactly: seconds).map(String.init) ?? String(seconds)) + "s")
            }
        }
    }
}
