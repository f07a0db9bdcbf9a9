// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import HTTPTypes
internal import WireFormats

/// Finds where a client wants to go on.
enum Cursor {
    static let parameter = "last_event_id"

    /// The `Last-Event-ID` field, or `last_event_id` in the query: browsers send the field by themselves, and a page
    /// that makes a new EventSource can only use the query. Nil where neither says anything.
    ///
    /// Everything else in the query is ignored, bad encoding too: a browser resumes with the URL it began with.
    static func find(in request: ServerRequest) throws(RequestProblem) -> PlainStreamCursor? {
        guard let text = field(of: request) ?? queryValue(of: request) else { return nil }
        guard let cursor = PlainStreamCursor(text) else {
            throw RequestProblem(
                code: "invalid_last_event_id",
                message:
                    "The last event id is not one that this server gives: <stream id>.<offset> or <stream id>.end.",
                parameter: parameter
            )
        }
        return cursor
    }

    private static func field(of request: ServerRequest) -> String? {
        guard let value = HTTPField.Name("last-event-id").flatMap({ request.fields[$0] }), !value.isEmpty else {
            return nil
        }
        return value
    }

    private static func queryValue(of request: ServerRequest) -> String? {
        for pair in (request.query ?? "").split(separator: "&") where pair.hasPrefix(parameter + "=") {
            guard let set = try? ParameterSet(query: String(pair)), let value = set[parameter] else { return "%" }
            return value.isEmpty ? nil : value
        }
        return nil
    }
}
