// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// Something that a request has or has not: a fact, such as its model, or certain bytes within a text.
///
/// A scenario whose marks a request lacks cannot match, which takes a bit to see. Two different facts may share a
/// mark, so a request that has them all is then looked at in full.
enum Mark: Hashable, Sendable {
    /// Where literals are looked for.
    enum Place: Sendable {
        case lastUser
        case messages
        // In lower case.
        case foldedLastUser
        case foldedMessages

        var folded: Place { self == .lastUser ? .foldedLastUser : .foldedMessages }
    }

    /// A hash of the fact.
    case fact(UInt16)
    /// At least one of these stands in the text; none is empty.
    case literal(anyOf: [[UInt8]], Place)

    /// Hashes of facts.
    static let factCount = 1 << 16
    /// Long texts differ soon.
    private static let hashedBytes = 256

    /// Nil where that would hold for each text.
    static func literals(_ texts: [[UInt8]], in place: Place) -> Mark? {
        texts.isEmpty || texts.contains([]) ? nil : .literal(anyOf: texts, place)
    }

    static func format(_ format: WireFormat) -> Mark { fact("format", Array(format.rawValue.utf8)) }
    static func streamed(_ isStreamed: Bool) -> Mark { fact("streamed", [isStreamed ? 1 : 0]) }
    static func role(_ role: ChatMessage.Role) -> Mark { fact("role", Array(role.rawValue.utf8)) }
    static func turn(_ turn: Int) -> Mark { fact("turn", Array(String(turn).utf8)) }
    static func model(_ text: [UInt8]) -> Mark { fact("model", text) }
    static func path(_ text: [UInt8]) -> Mark { fact("path", text) }
    static func apiKey(_ text: [UInt8]) -> Mark { fact("key", text) }
    static func tool(_ text: [UInt8]) -> Mark { fact("tool", text) }
    static func toolResult(_ text: [UInt8]) -> Mark { fact("result", text) }
    static func lastUser(_ text: [UInt8]) -> Mark { fact("user", text) }

    /// A header, with its value or whatever that is.
    static func header(_ name: String, _ value: [UInt8]?) -> Mark {
        fact(value == nil ? "header" : "value", Array(name.utf8) + [0] + (value ?? []))
    }

    /// FNV-1a (Fowler, Noll and Vo), folded to 16 bits.
    private static func fact(_ kind: StaticString, _ text: [UInt8]) -> Mark {
        var hash: UInt32 = 0x811C_9DC5
        func add(_ byte: UInt8) { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        kind.withUTF8Buffer { for byte in $0 { add(byte) } }
        add(UInt8(truncatingIfNeeded: text.count))
        for byte in text.prefix(hashedBytes) { add(byte) }
        return .fact(UInt16(truncatingIfNeeded: hash ^ hash >> 16))
    }
}
