// SPDX-License-Identifier: Apache-2.0

/// A version of the API, as the header `anthropic-version` names it (anthropic-messages.md, part 1).
enum AnthropicVersion: String, CaseIterable {
    case june2023 = "2023-06-01"
    /// Refuses some fields; its answers are the same.
    case october2026 = "2026-10-21"

    /// - Parameter header: The header's text; nil where the request has none.
    init(header: String?) throws(RequestProblem) {
        guard let header, !header.isEmpty else { throw Self.problem("header is required") }
        guard let version = Self(rawValue: header) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: " and ")
            throw Self.problem("no such version; known are \(known)")
        }
        self = version
    }

    private static func problem(_ message: String) -> RequestProblem {
        RequestProblem(
            code: "invalid_request_error",
            message: "anthropic-version: \(message)",
            parameter: "anthropic-version"
        )
    }
}
