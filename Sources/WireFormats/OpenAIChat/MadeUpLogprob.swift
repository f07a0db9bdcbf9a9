// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// The log probability of a token, made up: no model stands behind it. The same token has always the same.
struct MadeUpLogprob {
    /// A token that could have stood here, and how likely it was.
    struct Alternative: Equatable {
        var token: String
        var value: Double
    }

    /// More than a request can ask for.
    private static let words = [
        " the", " a", " and", " of", " to", " in", " is", " it", " that", " for", " on", " with", " as", " this",
        " by", " from", " or", " an", " be", " at", " not", " are",
    ]

    private let bytes: [UInt8]
    /// From -1 up to -1/64, in steps that binary fractions tell exactly.
    let value: Double

    init(token: Span<UInt8>) {
        bytes = token.withUnsafeBufferPointer { Array($0) }
        // FNV-1a (Fowler, Noll and Vo).
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        value = -Double(1 + hash >> 32 % 64) / 64
    }

    /// The token itself, repaired where it is cut inside a character.
    var token: String { String(decoding: bytes, as: UTF8.self) }

    /// Other tokens, the likelier first, all less likely than this one.
    func alternatives(_ count: Int) -> [Alternative] {
        var found: [Alternative] = []
        for word in Self.words where found.count < count && !bytes.elementsEqual(word.utf8) {
            found.append(Alternative(token: word, value: value - Double(found.count + 1) / 2))
        }
        return found
    }

    /// An entry of `logprobs.content` of a chat completion (openai-chat.md 3.6).
    /// - Parameter top: How many of the likeliest tokens to tell, this one among them.
    func write(to text: inout JSONText, top: Int) {
        let own = Self.members(token: bytes, value: value)
        text.object { text in
            text.members(own)
            text.arrayMember("top_logprobs") { text in
                guard top > 0 else { return }
                text.object { $0.members(own) }
                if top > 1 { text.json(others(top - 1)) }
            }
        }
    }

    /// As ``alternatives(_:)``, as items of an array. An answer may have a million of them, so all that they consist of
    /// is written once.
    private func others(_ count: Int) -> [UInt8] {
        var items: [UInt8] = []
        items.reserveCapacity(count * 80)
        var found = 0
        for (word, head, tail) in Self.parts where found < count && bytes != word {
            found += 1
            if !items.isEmpty { items.append(UInt8(ascii: ",")) }
            items += head
            items += Self.values[Int(-value * 64) + 32 * found]
            items += tail
        }
        return items
    }

    /// For each word its bytes, and what stands in its object before the value and after it.
    private static let parts = words.map { word in
        let bytes = Array(word.utf8)
        let head = JSONText.object { $0.member("token", word) }.dropLast() + Array(",\"logprob\":".utf8)
        var numbers = JSONText()
        numbers.array { text in
            for byte in bytes { text.number(Int(byte)) }
        }
        return (word: bytes, head: Array(head), tail: Array(",\"bytes\":".utf8) + numbers.bytes + Array("}".utf8))
    }

    /// The numbers of -n/64.
    private static let values = (0...(64 + 32 * words.count)).map { count in
        var text = JSONText()
        text.number(-Double(count) / 64)
        return text.bytes
    }

    private static func members(token: [UInt8], value: Double) -> [UInt8] {
        let object = JSONText.object { text in
            text.member("token", String(decoding: token, as: UTF8.self))
            text.name("logprob")
            text.number(value)
            text.arrayMember("bytes") { text in
                for byte in token { text.number(Int(byte)) }
            }
        }
        return Array(object.dropFirst().dropLast())
    }
}

extension JSONText {
    /// Members that have been written already.
    fileprivate mutating func members(_ written: [UInt8]) {
        json(written)
    }
}
