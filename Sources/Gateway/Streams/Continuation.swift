// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// The text that an upstream had said when it failed, on its way to another one that is to go on behind it.
struct Continuation {
    private var text: [UInt8] = []
    /// White space at the end of the text that the next upstream was not told of: it may begin with it.
    private var untold: ArraySlice<UInt8> = []

    /// Notes what is said, and takes away what was said before.
    mutating func take(_ events: inout [ChatEvent]) {
        for index in events.indices {
            guard case .text(let bytes) = events[index] else { continue }
            let fresh = withoutRepeated(bytes)
            text += fresh
            events[index] = .text(fresh)
        }
        events.removeAll { $0 == .text([]) }
    }

    /// The request for one who is to go on; nil where nothing has been said.
    mutating func request(_ chat: ChatRequest, for format: WireFormat) -> ChatRequest? {
        guard !text.isEmpty else { return nil }
        var prefix = text[...]
        // anthropic-messages.md: the last message may not end in white space.
        if format == .anthropicMessages {
            while let last = prefix.last, Self.isSpace(last) { prefix.removeLast() }
        }
        untold = text[prefix.endIndex...]
        guard !prefix.isEmpty else { return nil }
        var request = chat
        request.messages.append(ChatMessage(role: .assistant, content: String(decoding: prefix, as: UTF8.self)))
        return request
    }

    private mutating func withoutRepeated(_ bytes: [UInt8]) -> [UInt8] {
        var rest = bytes[...]
        while let expected = untold.first, let byte = rest.first {
            guard byte == expected else {
                untold = []
                break
            }
            untold.removeFirst()
            rest.removeFirst()
        }
        return Array(rest)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
    }
}
