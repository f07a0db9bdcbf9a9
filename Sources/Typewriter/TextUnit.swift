// SPDX-License-Identifier: Apache-2.0

/// What a stream types at once. The raw values are the names on the wire.
public enum TextUnit: String, CaseIterable, Sendable {
    /// One grapheme cluster.
    case character
    /// A word with the white space before it.
    case word
    /// A piece of text of the size of a model's subword token.
    case token
    /// What the upstream sent at once.
    case delta

    /// How long an open unit waits, counted from its last byte, before it leaves as it is.
    public var hold: Nanoseconds {
        self == .word ? 250 * .millisecond : 50 * .millisecond
    }
}
