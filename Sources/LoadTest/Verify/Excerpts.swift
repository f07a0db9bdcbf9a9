// SPDX-License-Identifier: Apache-2.0

/// Shows bytes of a stream in one short line.
enum Excerpts {
    /// In quotes, with escapes for what a terminal would act on; at most `limit` bytes of it.
    static func quoted(_ bytes: some Sequence<UInt8>, limit: Int = 40) -> String {
        var out = "\""
        let all = Array(bytes.prefix(limit + 1))
        for scalar in String(decoding: all.prefix(limit), as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: out += scalar.escaped(asASCII: true)
            default: out += scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : String(scalar)
            }
        }
        return out + (all.count > limit ? "…\"" : "\"")
    }

    /// The bytes around `offset`, with a mark at it.
    static func around(_ bytes: [UInt8], _ offset: Int) -> String {
        let before = bytes[max(0, offset - 20)..<min(offset, bytes.count)].drop { $0 & 0xC0 == 0x80 }
        return quoted(before) + " | " + quoted(bytes.dropFirst(offset), limit: 20)
    }
}
