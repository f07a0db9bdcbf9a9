// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension Fault {
    /// The fault as ``FaultPlan/init(_:)-(String)`` reads it: what need not be said is left out.
    public var text: String {
        var text = kind.text
        if kind.isPlaced, place != .unit(0) { text += "@" + place.text }
        if probability < 1 { text += "~" + Self.plain(probability) }
        return text
    }

    /// A whole number without a fraction, others in their shortest form.
    static func plain(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }

    /// Milliseconds in decimals, exact to the nanosecond. Not negative.
    static func milliseconds(_ time: Nanoseconds) -> String {
        let whole = String(time / .millisecond)
        var fraction = String(time % .millisecond + .millisecond).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? whole : "\(whole).\(fraction)"
    }
}

extension Fault.Kind {
    /// The name and, after a colon, the argument.
    var text: String {
        switch self {
        case .status(let status, let seconds):
            "status:\(status)" + (seconds.map { ":" + Fault.plain($0) } ?? "")
        case .rateLimit(let limit): "rate_limit:\(limit)"
        case .contentType(let type): "content_type:\(type)"
        case .contentLength(let excess): "content_length:\(excess)"
        case .error: "error"
        case .stall(let time): "stall" + (time.map { ":" + Fault.milliseconds($0) } ?? "")
        case .reset: "reset"
        case .close: "close"
        case .end: "end"
        case .truncate: "truncate"
        case .malformedJSON: "malformed_json"
        case .invalidUTF8: "invalid_utf8"
        case .duplicate: "duplicate"
        case .reorder: "reorder"
        case .lose: "lose"
        case .giant(let bytes): "giant:\(bytes)"
        case .missingTerminator: "missing_done"
        case .doubledTerminator: "doubled_done"
        case .missingFinish: "missing_finish"
        case .brokenToolArguments: "broken_tool_arguments"
        case .drip(let rate): "drip:\(rate)"
        case .split(let split): "split:\(split.rawValue)"
        case .lineEnds(let end): "line_ends:\(end.rawValue)"
        case .comments: "comments"
        case .unknownFields: "unknown_fields"
        }
    }
}

extension Fault.Place {
    var text: String {
        switch self {
        case .unit(let count): String(count)
        case .byte(let count): "\(count)b"
        case .time(let time): "\(Fault.milliseconds(time))ms"
        }
    }
}
