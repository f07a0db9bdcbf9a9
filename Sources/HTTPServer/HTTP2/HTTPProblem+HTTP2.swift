// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes

extension HTTPProblem {
    static func malformedHTTP2(_ detail: String) -> HTTPProblem {
        HTTPProblem(status: .badRequest, code: "malformed_request", message: "Not a valid HTTP/2 request: \(detail).")
    }

    static let connectNotSupported = HTTPProblem(
        status: .notImplemented,
        code: "connect_not_supported",
        message: "This server is no proxy, and opens no tunnel."
    )
}
