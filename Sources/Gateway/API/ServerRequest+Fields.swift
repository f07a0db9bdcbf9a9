// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import HTTPTypes

extension ServerRequest {
    /// The value of the first field called `name`; nil where there is none.
    subscript(field name: String) -> String? {
        HTTPField.Name(name).flatMap { fields[$0] }
    }

    /// The key that the client shows, wherever its API puts it.
    var apiKey: String? {
        if let key = self[field: "x-api-key"] ?? self[field: "x-goog-api-key"] ?? self[field: "api-key"] { return key }
        guard let text = fields[.authorization] else { return nil }
        let parts = text.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }

    /// What keeps the state of scenarios apart between tests that run at the same time.
    var mockSession: String { self[field: "x-typebar-session"] ?? "" }
}
