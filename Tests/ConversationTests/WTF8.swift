// SPDX-License-Identifier: Apache-2.0

import Conversation

/// Text as a model's deltas may bring it: bytes in which surrogates can stand.
enum WTF8 {
    /// The three bytes of one surrogate.
    static func surrogate(_ unit: UInt16) -> [UInt8] {
        [0xE0 | UInt8(unit >> 12), 0x80 | UInt8(unit >> 6 & 0x3F), 0x80 | UInt8(unit & 0x3F)]
    }

    /// `text` with a surrogate pair of six bytes for each scalar beyond the first plane.
    static func pairs(of text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar in
            scalar.utf16.count == 2 ? scalar.utf16.flatMap(surrogate) : Array(scalar.utf8)
        }
    }
}

extension TextAssembler {
    /// What `deltas` are worth, from the first to the end.
    static func text(of deltas: [[UInt8]]) -> [UInt8] {
        var assembler = TextAssembler()
        return deltas.flatMap { assembler.append($0) } + assembler.finish()
    }
}
