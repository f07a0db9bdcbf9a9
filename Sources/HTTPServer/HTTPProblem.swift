// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// Why a request was refused before anyone looked at what it asks for.
public struct HTTPProblem: Error, Equatable, Sendable {
    public var status: HTTPResponse.Status
    /// Stable, for programs.
    public var code: String
    /// For a person: what was wrong and what would be right.
    public var message: String

    public init(status: HTTPResponse.Status, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    static func malformed(_ detail: String) -> HTTPProblem {
        HTTPProblem(status: .badRequest, code: "malformed_request", message: "Not a valid HTTP/1.1 request: \(detail).")
    }

    static func targetTooLong(limit: Int) -> HTTPProblem {
        HTTPProblem(
            status: .uriTooLong,
            code: "target_too_long",
            message: "The request target has more than \(limit) bytes. Send the prompt by POST instead."
        )
    }

    static func headTooLarge(limit: Int) -> HTTPProblem {
        HTTPProblem(
            status: .requestHeaderFieldsTooLarge,
            code: "head_too_large",
            message: "The request head has more than \(limit) bytes."
        )
    }

    static func bodyTooLarge(limit: Int) -> HTTPProblem {
        HTTPProblem(
            status: .contentTooLarge,
            code: "body_too_large",
            message: "The request body has more than \(limit) bytes."
        )
    }

    static let timeout = HTTPProblem(
        status: .requestTimeout,
        code: "request_timeout",
        message: "The request did not arrive in time."
    )

    static let expectationFailed = HTTPProblem(
        status: .expectationFailed,
        code: "expectation_failed",
        message: "The only expectation this server meets is 100-continue."
    )

    static let versionNotSupported = HTTPProblem(
        status: .httpVersionNotSupported,
        code: "version_not_supported",
        message: "This server speaks HTTP/1.0, HTTP/1.1 and, where it is told to, HTTP/2."
    )
}
