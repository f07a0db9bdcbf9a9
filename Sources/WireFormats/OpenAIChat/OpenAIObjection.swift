// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// What OpenAI's API says of a request that it does not take: status 400, and a code of openai-chat.md, part 4.
enum OpenAIObjection {
    /// Values are repeated in messages up to so many scalars: one character may have any number of them.
    private static let quotedLength = 64

    static func missing(_ parameter: String) -> RequestProblem {
        problem("missing_required_parameter", "Missing required parameter: '\(parameter)'.", parameter)
    }

    /// - Parameter expected: With its article: `a string`.
    static func wrongType(_ parameter: String, expected: String, value: JSONValue) -> RequestProblem {
        let message = "Invalid type for '\(parameter)': expected \(expected), but got \(described(value))."
        return problem("invalid_type", message, parameter)
    }

    /// A word that is none of those that are known.
    static func unknownWord(_ parameter: String, _ word: String, known: [String]) -> RequestProblem {
        let list = known.map { "'\($0)'" }.joined(separator: ", ")
        return invalid(parameter, "'\(quoted(word))' is not one of \(list).")
    }

    /// - Parameter reason: A sentence.
    static func invalid(_ parameter: String, _ reason: String) -> RequestProblem {
        problem("invalid_value", "Invalid value for '\(parameter)': \(reason)", parameter)
    }

    static func unsupported(_ parameter: String, _ reason: String) -> RequestProblem {
        problem("unsupported_parameter", "Unsupported parameter: '\(parameter)'. \(reason)", parameter)
    }

    /// A number out of its range.
    /// - Parameters:
    ///   - kind: `integer` or `decimal`.
    ///   - bound: `a value >= 0`.
    static func outOfRange(_ parameter: String, kind: String, isBelow: Bool, bound: String) -> RequestProblem {
        let code = isBelow ? "\(kind)_below_min_value" : "\(kind)_above_max_value"
        let side = isBelow ? "below the least" : "above the greatest"
        return problem(code, "Invalid '\(parameter)': \(kind) \(side) value. Expected \(bound).", parameter)
    }

    static func empty(_ parameter: String) -> RequestProblem {
        problem("empty_array", "Invalid '\(parameter)': the array is empty, and has to hold at least one.", parameter)
    }

    static func tooMany(_ parameter: String, limit: Int, count: Int) -> RequestProblem {
        let message = "Invalid '\(parameter)': the array is too long. Expected at most \(limit), but got \(count)."
        return problem("array_above_max_length", message, parameter)
    }

    private static func problem(_ code: String, _ message: String, _ parameter: String) -> RequestProblem {
        RequestProblem(code: code, message: message, parameter: parameter)
    }

    /// As much of a client's value as a message repeats.
    static func quoted(_ text: String) -> String {
        let start = text.unicodeScalars.prefix(quotedLength)
        return start.endIndex == text.endIndex ? text : String(start) + "…"
    }

    private static func described(_ value: JSONValue) -> String {
        switch value.typeName {
        case "null": "null"
        case "number": "a decimal number"
        case "integer", "array", "object": "an \(value.typeName)"
        default: "a \(value.typeName)"
        }
    }
}
