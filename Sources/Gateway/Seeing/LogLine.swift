// SPDX-License-Identifier: Apache-2.0

internal import Logging
internal import WireFormats

/// Writes one event of the log as a line of `name=value` pairs (logfmt): the time, the level, the message, then the
/// rest in the order of its names. Whatever a client sends, a line stays one line, and a terminal shows it as text.
enum LogLine {
    /// - Parameter time: Unix time in nanoseconds.
    static func render(
        _ level: Logger.Level,
        _ message: String,
        _ metadata: Logger.Metadata,
        time: Int64
    ) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(384)
        append("time", RFC3339.text(unixNanoseconds: time, fractionDigits: 3), to: &line)
        append("level", level.rawValue, to: &line)
        append("message", message, to: &line)
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) { append(name, "\(value)", to: &line) }
        line[line.count - 1] = newline
        return line
    }

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")

    private static func append(_ name: String, _ value: String, to line: inout [UInt8]) {
        line.append(contentsOf: name.utf8)
        line.append(UInt8(ascii: "="))
        if !value.isEmpty, value.utf8.allSatisfy(isPlain) {
            line.append(contentsOf: value.utf8)
        } else {
            line.append(quote)
            for scalar in value.unicodeScalars { append(scalar, to: &line) }
            line.append(quote)
        }
        line.append(UInt8(ascii: " "))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != quote && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "\\")
    }

    private static func append(_ scalar: Unicode.Scalar, to line: inout [UInt8]) {
        switch scalar {
        case "\"", "\\": line.append(contentsOf: "\\\(scalar)".utf8)
        case "\n": line.append(contentsOf: "\\n".utf8)
        case "\r": line.append(contentsOf: "\\r".utf8)
        case "\t": line.append(contentsOf: "\\t".utf8)
        default:
            guard isVisible(scalar) else {
                return line.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
            }
            line.append(contentsOf: Character(scalar).utf8)
        }
    }

    /// Neither moves a terminal's cursor nor turns the direction of what follows.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
