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
        text.object { text in
            Self.writeMembers(token: bytes, value: value, to: &text)
            text.arrayMember("top_logprobs") { text in
                guard top > 0 else { return }
                text.object { Self.writeMembers(token: bytes, value: value, to: &$0) }
                for alternative in alternatives(top - 1) {
                    text.object { text in
                        Self.writeMembers(token: Array(alternative.token.utf8), value: alternative.value, to: &text)
                    }
                }
            }
        }
    }

    private static func writeMembers(token: [UInt8], value: Double, to text: inout JSONText) {
        text.member("token", String(decoding: token, as: UTF8.self))
        text.name("logprob")
        text.number(value)
        text.arrayMember("bytes") { text in
            for byte in token { text.number(Int(byte)) }
        }
    }
}
