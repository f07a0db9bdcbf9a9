// SPDX-License-Identifier: Apache-2.0

internal import Typewriter
internal import WireFormats

/// Reads the text of one fault: `KIND[:ARGUMENT][@PLACE][~PROBABILITY]`.
struct FaultParser {
    static let kinds = """
        status:CODE[:RETRY_AFTER], rate_limit:REQUESTS_A_MINUTE, content_type:TYPE, content_length[:EXCESS], error, \
        stall[:MILLISECONDS], reset, close, end, truncate, malformed_json, invalid_utf8, duplicate, reorder, lose, \
        giant[:BYTES], missing_done, doubled_done, missing_finish, broken_tool_arguments, drip:BYTES_A_SECOND, \
        split:utf8|data|crlf|bytes, line_ends:crlf|cr, comments, unknown_fields
        """

    /// A day: what lasts longer is "for ever".
    private static let longestMilliseconds = 86_400_000.0
    private static let mostBytes = 1_000_000_000_000

    private let whole: String
    private let name: String
    private let argument: Substring?
    private let place: Substring?
    private let probability: Substring?

    init(_ text: Substring) {
        whole = String(text)
        var rest = text
        probability = Self.cutTail(of: &rest, at: "~")
        place = Self.cutTail(of: &rest, at: "@")
        let parts = rest.unicodeScalars.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(parts[0])
        argument = parts.count > 1 ? Substring(parts[1]) : nil
    }

    func parse() throws(RequestProblem) -> Fault {
        let kind = try parseKind()
        var fault = Fault(kind: kind)
        if let place {
            guard kind.isPlaced else { throw problem("\(name) without @: it has no place") }
            fault.place = try parsePlace(place)
        }
        if let probability {
            fault.probability = try number(probability, in: 0...1, as: "a probability after ~")
        }
        return fault
    }

    private func parseKind() throws(RequestProblem) -> Fault.Kind {
        switch name {
        case "status": try status()
        case "rate_limit": .rateLimit(perMinute: try count(in: 1...1_000_000))
        case "content_type": .contentType(try contentType())
        case "content_length": .contentLength(excess: try count(in: 1...1_000_000_000, default: 1))
        case "stall": .stall(try argument.map(milliseconds))
        case "giant": .giant(bytes: try count(in: 1...FaultPlan.mostPadding, default: 1 << 20))
        case "drip": .drip(bytesPerSecond: try count(in: 1...1_000_000_000))
        case "split": .split(try choice(of: Fault.Split.self))
        case "line_ends": .lineEnds(try choice(of: Fault.LineEnd.self))
        default: try bareKind()
        }
    }

    private func bareKind() throws(RequestProblem) -> Fault.Kind {
        let bare: [Fault.Kind] = [
            .error, .reset, .close, .end, .truncate, .malformedJSON, .invalidUTF8, .duplicate, .reorder, .lose,
            .missingTerminator, .doubledTerminator, .missingFinish, .brokenToolArguments, .comments, .unknownFields,
        ]
        guard let kind = bare.first(where: { $0.text == name }) else {
            throw problem("KIND[:ARGUMENT][@PLACE][~PROBABILITY], where KIND is one of \(Self.kinds)")
        }
        if argument != nil { throw problem("\(name) without a colon: it has no argument") }
        return kind
    }

    private func status() throws(RequestProblem) -> Fault.Kind {
        let parts = (argument ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let code = try whole(parts[0], in: 400...599, as: "status:CODE, CODE")
        guard parts.count > 1 else { return .status(code, retryAfterSeconds: nil) }
        let seconds = try number(parts[1], in: 0...86400, as: "status:CODE:SECONDS, SECONDS")
        return .status(code, retryAfterSeconds: seconds)
    }

    private func contentType() throws(RequestProblem) -> String {
        guard let argument, (1...200).contains(argument.utf8.count),
            argument.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw problem("content_type:TYPE, TYPE of 1 to 200 printable ASCII characters but none of ,@~") }
        return String(argument)
    }

    private func count(in range: ClosedRange<Int>, default known: Int? = nil) throws(RequestProblem) -> Int {
        if argument == nil, let known { return known }
        return try whole(argument ?? "", in: range, as: "\(name):NUMBER, NUMBER")
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        of type: Choice.Type
    ) throws(RequestProblem) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: String(argument ?? "")) else {
            throw problem("\(name): and one of \(type.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    private func parsePlace(_ text: Substring) throws(RequestProblem) -> Fault.Place {
        let meaning = "a place: units as in 40 or 40u, bytes as in 512b, time as in 1500ms or 2s; it"
        if text.hasSuffix("ms") { return .time(try milliseconds(text.dropLast(2))) }
        if text.hasSuffix("s") {
            let seconds = try number(text.dropLast(), in: 0...Self.longestMilliseconds / 1000, as: meaning)
            return .time(Nanoseconds((seconds * 1e9).rounded()))
        }
        if text.hasSuffix("b") { return .byte(try whole(text.dropLast(), in: 0...Self.mostBytes, as: meaning)) }
        let digits = text.hasSuffix("u") ? text.dropLast() : text
        return .unit(try whole(digits, in: 0...1_000_000_000, as: meaning))
    }

    private func milliseconds(_ text: Substring) throws(RequestProblem) -> Nanoseconds {
        let value = try number(text, in: 0...Self.longestMilliseconds, as: "a time in milliseconds that")
        return Nanoseconds((value * 1e6).rounded())
    }

    // MARK: Numbers

    private func whole(
        _ text: Substring,
        in range: ClosedRange<Int>,
        as meaning: String
    ) throws(RequestProblem) -> Int {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text), range.contains(value) else {
            throw problem("\(meaning) a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private func number(
        _ text: Substring,
        in range: ClosedRange<Double>,
        as meaning: String
    ) throws(RequestProblem) -> Double {
        guard text.utf8.allSatisfy({ "0123456789.e-".utf8.contains($0) }), let value = Double(text),
            range.contains(value)
        else {
            let bounds = "\(Fault.plain(range.lowerBound)) to \(Fault.plain(range.upperBound))"
            throw problem("\(meaning) a number from \(bounds)")
        }
        // A minus sign before a zero would not come back.
        return value.magnitude
    }

    private func problem(_ expected: String) -> RequestProblem {
        ParameterSet.invalid("fault", whole, expected)
    }

    /// Takes off what follows the last `mark`, and the mark.
    private static func cutTail(of text: inout Substring, at mark: Unicode.Scalar) -> Substring? {
        guard let index = text.unicodeScalars.lastIndex(of: mark) else { return nil }
        let tail = Substring(text.unicodeScalars[index...].dropFirst())
        text = Substring(text.unicodeScalars[..<index])
        return tail
    }
}
