// SPDX-License-Identifier: Apache-2.0

internal import MockModel
internal import WireFormats

/// Names of recordings, without what tells the kind of file: `20260131T120000.123Z-000007-openai-200-reset`.
///
/// They sort by the time at which the request was sent, and tell at a glance which one went wrong.
enum RecordingName {
    private static let longestUpstream = 40

    /// - Parameters:
    ///   - wallTime: When the request was sent, in nanoseconds since 1970.
    ///   - number: Tells apart those of a millisecond, in their order.
    ///   - status: Nil where no head came.
    static func text(
        wallTime: Int64,
        number: Int,
        upstream: String,
        status: Int?,
        ending: Cassette.Ending
    ) -> String {
        let time = RFC3339.text(unixNanoseconds: wallTime, fractionDigits: 3).filter { $0 != "-" && $0 != ":" }
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        let parts = [time, padded, plain(upstream), status.map(String.init) ?? "none", ending.rawValue]
        return parts.joined(separator: "-")
    }

    /// Whether a file's name, with or without its ending, is one of a recording: others are never touched.
    static func isOwn(_ name: String) -> Bool {
        let shape = "dddddddd\u{54}dddddd.ddd\u{5A}-dddddd"
        guard name.utf8.count > shape.utf8.count else { return false }
        return zip(name.utf8, shape.utf8).allSatisfy { byte, expected in
            expected == UInt8(ascii: "d") ? UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte : byte == expected
        }
    }

    private static func plain(_ text: String) -> String {
        let scalars = text.lowercased().unicodeScalars.prefix(longestUpstream).map { scalar in
            switch scalar {
            case "a"..."z", "0"..."9", ".", "_": Character(scalar)
            default: Character("-")
            }
        }
        return scalars.isEmpty ? "upstream" : String(scalars)
    }
}
