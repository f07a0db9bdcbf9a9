// SPDX-License-Identifier: Apache-2.0

/// One text that is to become a vector.
public enum OpenAIEmbeddingsInput: Equatable, Sendable {
    case text(String)
    /// Numbers of tokens, from 0.
    case tokens([Int])

    /// What the vector is made of: the text, or the tokens in decimal with spaces between.
    public var bytes: [UInt8] {
        switch self {
        case .text(let text): Array(text.utf8)
        case .tokens(let tokens): Array(tokens.map(String.init).joined(separator: " ").utf8)
        }
    }
}
