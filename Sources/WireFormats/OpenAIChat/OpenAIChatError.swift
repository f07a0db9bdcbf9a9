// SPDX-License-Identifier: Apache-2.0

public import Conversation
public import JSON

/// Reads the errors of OpenAI's API.
public enum OpenAIChatError {
    /// Codes and types that say: the same request may succeed later.
    private static let retryableCodes: Set<String> = [
        "rate_limit_exceeded", "rate_limit_error", "server_error", "overloaded_error", "overloaded", "timeout",
        "service_unavailable", "internal_server_error",
    ]

    /// The fault of an error object inside a stream.
    public static func fault(from problem: JSONValue) -> ChatFault {
        let names = [problem["code"], problem["type"]]
        let status = [problem["status"], problem["code"]].compactMap { $0?.integer ?? $0?.text.flatMap { Int($0) } }
            .first
        let isRetryable =
            status.map(ChatFault.isRetryable(status:))
            ?? names.contains { $0?.text.map(retryableCodes.contains) ?? false }
        let message = problem["message"]?.text ?? problem.text ?? "The upstream gave no reason."
        return ChatFault(kind: .upstreamError, message: message, retryable: isRetryable)
    }

    /// What the body of an error answer says; nil where it is not in OpenAI's form.
    public static func message(inBody body: [UInt8]) -> String? {
        guard let value = try? JSONReader.read(body), let problem = value["error"] else { return nil }
        return problem["message"]?.text ?? problem.text
    }
}
