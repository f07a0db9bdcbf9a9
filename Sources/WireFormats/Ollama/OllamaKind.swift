// SPDX-License-Identifier: Apache-2.0

/// Ollama's two calls for text: they tell the same in objects of different shape.
public enum OllamaKind: Equatable, Sendable {
    /// The text is in `message.content`.
    case chat
    /// The text is in `response`.
    case generate

    /// What stands before the text in an object, from the comma on.
    var opening: [UInt8] {
        switch self {
        case .chat: Array(#","message":{"role":"assistant","content":"#.utf8)
        case .generate: Array(#","response":"#.utf8)
        }
    }

    /// What stands after the text and what goes with it, up to `done`.
    var closing: [UInt8] {
        switch self {
        case .chat: [UInt8(ascii: "}")]
        case .generate: []
        }
    }
}
