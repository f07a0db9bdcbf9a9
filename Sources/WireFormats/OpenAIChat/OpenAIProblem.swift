// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import EventStream
internal import JSON

/// The errors of OpenAI's API, on all of its routes (openai-chat.md, parts 4 and 5).
public enum OpenAIProblem: ProblemShape {
    /// The fields that each answer of OpenAI's API bears.
    static let versionFields = [(name: "openai-version", value: "2020-10-01")]

    /// Codes that are ours, and what OpenAI's API says in their place; all others pass as they are.
    private static let replacements: [String: String?] = [
        "body_too_large": "request_too_large",
        "forbidden": nil,
        "internal": "server_error",
        "invalid_parameter": "invalid_value",
        "malformed_encoding": nil,
        "malformed_json": nil,
        "malformed_request": nil,
        "method_not_allowed": "method_not_supported",
        "not_found": nil,
        "overloaded": "server_is_overloaded",
        "payload_too_large": "request_too_large",
        "unauthorized": "invalid_api_key",
        "unknown_model": "model_not_found",
        "unsupported_media_type": "unsupported_content_type",
    ]

    private static let quotaCodes: Set<String> = ["insufficient_quota", "credit_balance_exhausted"]

    public static var requestIDField: String? { "x-request-id" }

    public static func body(of problem: RequestProblem, requestID: String) -> [UInt8] {
        body(
            message: problem.message,
            type: type(status: problem.status, code: problem.code),
            parameter: problem.parameter,
            code: replacements[problem.code] ?? problem.code
        )
    }

    private static func type(status: Int, code: String) -> String {
        switch status {
        case 403 where code == "forbidden": "request_forbidden"
        case 408: "timeout"
        case 429 where quotaCodes.contains(code): "insufficient_quota"
        case 429 where code == "slow_down": "rate_limit_error"
        case 429: "requests"
        case 503: "service_unavailable_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    /// The frame that ends a stream whose answer is not whole (openai-chat.md 3.7).
    static func appendFrame(of fault: ChatFault, into frames: inout FrameBuffer) {
        FrameEncoder.append("data: ", to: &frames.bytes)
        frames.bytes.append(contentsOf: body(of: fault))
        FrameEncoder.append("\n\n", to: &frames.bytes)
        frames.endFrame(.failure)
    }

    /// What may be retried is told as the server's own error; `OpenAIChatError` reads it back so.
    private static func body(of fault: ChatFault) -> [UInt8] {
        switch fault.kind {
        case .overloaded:
            body(
                message: fault.message,
                type: "service_unavailable_error",
                parameter: nil,
                code: "server_is_overloaded"
            )
        case .internal where fault.retryable:
            body(message: fault.message, type: "server_error", parameter: nil, code: "server_error")
        default:
            body(
                message: fault.message,
                type: fault.retryable ? "server_error" : "api_error",
                parameter: nil,
                code: fault.kind.rawValue
            )
        }
    }

    /// All four members are there, whatever they hold.
    private static func body(message: String, type: String, parameter: String?, code: String?) -> [UInt8] {
        JSONText.object { text in
            text.objectMember("error") { text in
                text.member("message", message)
                text.member("type", type)
                text.name("param")
                if let parameter { text.string(parameter) } else { text.null() }
                text.name("code")
                if let code { text.string(code) } else { text.null() }
            }
        }
    }
}
