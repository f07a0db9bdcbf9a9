// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Writes `logprobs` of a legacy completion: four arrays in step, an entry for each token. The offsets are counted in
/// Unicode scalars from the choice's first, the prompt's too where it is repeated.
enum OpenAICompletionsLogprobs {
    /// - Parameters:
    ///   - top: How many alternatives to tell, the token itself not counted.
    ///   - offset: Where the first token begins; moved to where the next one does.
    static func json(_ tokens: [MadeUpLogprob], top: Int, offset: inout Int) -> [UInt8] {
        var offsets: [Int] = []
        for token in tokens {
            offsets.append(offset)
            offset += token.token.unicodeScalars.count
        }
        return JSONText.object { text in
            text.arrayMember("tokens") { text in
                for token in tokens { text.string(token.token) }
            }
            text.arrayMember("token_logprobs") { text in
                for token in tokens { text.number(token.value) }
            }
            text.arrayMember("top_logprobs") { text in
                for token in tokens { text.object { write(token, top: top, to: &$0) } }
            }
            text.arrayMember("text_offset") { text in
                for offset in offsets { text.number(offset) }
            }
        }
    }

    private static func write(_ token: MadeUpLogprob, top: Int, to text: inout JSONText) {
        text.name(token.token)
        text.number(token.value)
        for alternative in token.alternatives(top) {
            text.name(alternative.token)
            text.number(alternative.value)
        }
    }
}
