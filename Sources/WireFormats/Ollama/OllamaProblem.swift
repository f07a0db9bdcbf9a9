// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Ollama's errors: `{"error":"text"}`, whatever the status; the same object ends a stream that is not whole.
public enum OllamaProblem: ProblemShape {
    public static let requestIDField: String? = nil

    public static func body(of problem: RequestProblem, requestID: String) -> [UInt8] {
        body(message: problem.message)
    }

    public static func fields(of limit: RateLimit) -> [(name: String, value: String)] { [] }

    static func body(message: String) -> [UInt8] {
        JSONText.object { $0.member("error", message) }
    }
}
