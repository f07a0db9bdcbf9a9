// SPDX-License-Identifier: Apache-2.0

/// How `/chat/stream` tells that a request cannot be done.
public enum PlainStreamProblem: ProblemShape {
    public static let requestIDField: String? = nil

    public static func body(of problem: RequestProblem, requestID: String) -> [UInt8] {
        PlainStreamError.body(code: problem.code, message: problem.message, parameter: problem.parameter)
    }

    public static func fields(of limit: RateLimit) -> [(name: String, value: String)] { [] }
}
