// SPDX-License-Identifier: Apache-2.0

/// What a cluster is to a reader, told by its first scalar.
enum ClusterKind {
    case space
    case lineBreak
    case letter
    case digit
    case punctuation
    /// A quote or a bracket that opens: it belongs to what follows.
    case opening
    /// A letter of a script that puts no space between words: only a dictionary knows where one ends.
    case unspaced
    /// Emoji, symbols, controls.
    case other

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x0A, 0x0D, 0x2028, 0x2029: self = .lineBreak
        case 0x20, 0x09, 0x0B, 0x0C: self = .space
        case 0x30...0x39: self = .digit
        case 0x41...0x5A, 0x61...0x7A: self = .letter
        case 0x21...0x7E: self = .punctuation
        default: self = Self.beyondASCII(scalar)
        }
    }

    private static func beyondASCII(_ scalar: Unicode.Scalar) -> ClusterKind {
        if isUnspaced(scalar.value) { return .unspaced }
        switch scalar.properties.generalCategory {
        case .spaceSeparator: return .space
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark:
            return .letter
        case .decimalNumber: return .digit
        case .openPunctuation, .initialPunctuation: return .opening
        case .closePunctuation, .finalPunctuation, .otherPunctuation,
            .dashPunctuation, .connectorPunctuation:
            return .punctuation
        default: return .other
        }
    }

    private static func isUnspaced(_ value: UInt32) -> Bool {
        switch value {
        case 0x0E00...0x0EFF,  // Thai, Lao
            0x1000...0x109F, 0x1780...0x17FF,  // Myanmar, Khmer
            0x3005...0x3007, 0x3040...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D,  // Kana
            0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:  // Han
            true
        default: false
        }
    }
}
