// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// The built-in answers, by the model's name.
public enum MockAnswer: String, CaseIterable, Sendable {
    case mock
    case echo
    case prose
    case markdown
    case code
    case math
    case emoji
    case chinese
    case japanese
    case thai
    case arabic
    case long

    /// For a person who chooses a model.
    public var summary: String {
        switch self {
        case .mock: "One of the answers below, picked by the seed"
        case .echo: "The last user message, byte for byte"
        case .prose: "English prose"
        case .markdown: "Markdown with lists, a table and links"
        case .code: "Code blocks in three languages"
        case .math: "Mathematics in LaTeX"
        case .emoji: "Emoji sequences, flags, skin tones and combining marks"
        case .chinese: "Chinese prose"
        case .japanese: "Japanese prose"
        case .thai: "Thai prose, without spaces between words"
        case .arabic: "Arabic prose, right to left"
        case .long: "20,000 characters"
        }
    }

    /// What the mock says to `request`, as UTF-8. The same request and seed give the same answer.
    public func text(for request: ChatRequest, seed: UInt64) -> [UInt8] {
        switch self {
        case .echo: Array(request.lastUserText.utf8)
        case .mock: Self.samples[Int(seed % UInt64(Self.samples.count))].text(for: request, seed: seed)
        default: Self.library[self] ?? []
        }
    }

    /// What `mock` picks from: `echo` repeats and `long` tires, so they are left to those who ask for them.
    private static let samples: [MockAnswer] = [
        .prose, .markdown, .code, .math, .emoji, .chinese, .japanese, .thai, .arabic,
    ]

    /// Each text once, shared by all streams that type it.
    private static let library: [MockAnswer: [UInt8]] = [
        .prose: Array(ProseAnswer.text.utf8),
        .markdown: Array(MarkdownAnswer.text.utf8),
        .code: Array(CodeAnswer.text.utf8),
        .math: Array(MathAnswer.text.utf8),
        .emoji: Array(EmojiAnswer.text.utf8),
        .chinese: Array(ChineseAnswer.text.utf8),
        .japanese: Array(JapaneseAnswer.text.utf8),
        .thai: Array(ThaiAnswer.text.utf8),
        .arabic: Array(ArabicAnswer.text.utf8),
        .long: Array(LongAnswer.text.utf8),
    ]
}
