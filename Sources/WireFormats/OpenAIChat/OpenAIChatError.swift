// SPDX-License-Identifier: Apache-2.0

public import Conversation
public import JSON

/// Reads the errors of OpenAI's API, and of servers that speak alike.
public enum OpenAIChatError {
    /// Codes and types that say: the same request may succeed later.
    private static let retryableCodes: Set<String> = [
        "rate_limit_exceeded", "rate_limit_error", "server_error", "overloaded_error", "overloaded", "timeout",
        "service_unavailable", "internal_server_error", "service_unavailable_error", "server_is_overloaded",
        "slow_down", "request_timeout",
    ]

    /// The error that a chunk or a body tells, in any of the shapes of sdk-expectations.md, part 7; nil for none.
    public static func problem(in value: JSONValue) -> JSONValue? {
        if let problem = value["error"], isSaid(problem) { return problem }
        // vLLM puts the error's members at the top; FastAPI has a detail alone.
        if value["object"]?.text == "error" { return value }
        if let detail = value["detail"], isSaid(detail), value["choices"] == nil { return detail }
        return nil
    }

    private static func isSaid(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool(false), .string([]): false
        default: true
        }
    }

    /// The fault of an error object inside a stream.
    public static func fault(from problem: JSONValue) -> ChatFault {
        let names = [problem["code"], problem["type"]]
        let status = [problem["status"], problem["code"]].compactMap { $0?.integer ?? $0?.text.flatMap { Int($0) } }
            .first
        let isRetryable =
            status.map(ChatFault.isRetryable(status:))
            ?? names.contains { $0?.text.map(retryableCodes.contains) ?? false }
        let message = message(of: problem) ?? "The upstream gave no reason."
        return ChatFault(kind: .upstreamError, message: message, retryable: isRetryable)
    }

    /// What the body of an error answer says; nil where it is in none of the shapes that are known.
    public static func message(inBody body: [UInt8]) -> String? {
        guard let value = try? JSONReader.read(body) else { return nil }
        return problem(in: value).flatMap(message(of:))
    }

    /// FastAPI's list of what did not validate is told by its first.
    private static func message(of problem: JSONValue) -> String? {
        let first = problem.array?.first ?? problem
        return first["message"]?.text ?? first["msg"]?.text ?? first.text
    }
}
