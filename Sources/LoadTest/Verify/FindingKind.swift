// SPDX-License-Identifier: Apache-2.0

/// What `bench verify` can find. The raw values of faults are the names by which typebar's mock injects them.
public enum FindingKind: String, CaseIterable, Sendable {
    // What a mock can be asked for.
    case status
    case rateLimit = "rate_limit"
    case contentType = "content_type"
    case contentLength = "content_length"
    case error
    case stall
    case reset
    case close
    case end
    case truncate
    case malformedJSON = "malformed_json"
    case invalidUTF8 = "invalid_utf8"
    case duplicate
    case reorder
    case lose
    case giant
    case missingTerminator = "missing_done"
    case doubledTerminator = "doubled_done"
    case missingFinish = "missing_finish"
    case brokenToolArguments = "broken_tool_arguments"

    // What else a server can do wrong.
    /// There was no connection.
    case refused
    case notHTTP = "not_http"
    /// Against the grammar of Server-Sent Events or of NDJSON.
    case grammar
    /// Ids that are no ids, or of two answers.
    case ids
    /// Events that the format has in another order.
    case order
    /// A member that the format requires is missing, or of another type.
    case members
    /// The text is not the expected one.
    case text
    /// An event's text ends inside a grapheme cluster.
    case grapheme
    /// Token counts that cannot be.
    case usage
    /// What came after a `Last-Event-ID` was not the rest.
    case resume

    // Habits: allowed, and hard on careless clients.
    case drip
    case split
    case lineEnds = "line_ends"
    case comments
    case unknownFields = "unknown_fields"

    public var severity: Finding.Severity {
        switch self {
        case .drip, .split, .lineEnds, .comments, .unknownFields: .note
        default: .error
        }
    }

    /// The answer did not come to its end, so what it lacks proves nothing more.
    var cutsAnswer: Bool {
        switch self {
        case .status, .rateLimit, .error, .reset, .close, .end, .truncate, .refused, .notHTTP: true
        default: false
        }
    }

    /// It explains why the text differs from the expected one.
    var altersText: Bool {
        switch self {
        case .malformedJSON, .invalidUTF8, .duplicate, .reorder, .lose, .giant: true
        default: cutsAnswer
        }
    }
}
