// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// How the UI message stream tells that a request cannot be done: the client shows the whole body to whoever reads
/// its error, so it is short (ai-sdk-ui-stream.md, part 1).
public enum UIMessageProblem: ProblemShape {
    public static let requestIDField: String? = nil

    public static func body(of problem: RequestProblem, requestID: String) -> [UInt8] {
        JSONText.object { $0.member("error", problem.message) }
    }

    public static func fields(of limit: RateLimit) -> [(name: String, value: String)] { [] }
}
