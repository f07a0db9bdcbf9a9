// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// How each line of a stream begins: the model, and a time that is a microsecond later with each line.
struct OllamaLineHead {
    private static let microsecond: Int64 = 1_000
    private static let fractionDigits = 6

    /// `{"model":"…","created_at":"…"`.
    private(set) var bytes: [UInt8]
    /// The line's Unix time in nanoseconds.
    private(set) var created: Int64
    private let model: [UInt8]

    /// - Parameter model: As clients see it, with its tag.
    init(model: String, created: Int64) {
        self.model = JSONValue.string(Array(model.utf8)).jsonBytes
        self.created = created
        bytes = Self.render(self.model, created)
    }

    /// The next line begins.
    mutating func advance() {
        created = min(created, .max - Self.microsecond) + Self.microsecond
        // Counts up in the digits themselves: a line then costs no formatting of a date. `Z"` follows them.
        let last = bytes.count - 3
        for index in stride(from: last, to: last - Self.fractionDigits, by: -1) {
            guard bytes[index] == UInt8(ascii: "9") else {
                bytes[index] += 1
                return
            }
            bytes[index] = UInt8(ascii: "0")
        }
        bytes = Self.render(model, created)
    }

    private static func render(_ model: [UInt8], _ created: Int64) -> [UInt8] {
        let time = RFC3339.text(unixNanoseconds: created, fractionDigits: fractionDigits)
        return Array(#"{"model":"#.utf8) + model + Array(",\"created_at\":\"\(time)\"".utf8)
    }
}
