// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// Reads the streamed answer of an upstream that speaks one wire format.
///
/// A state machine: bytes of the body in, events out; the last is `end` or `fault`, and nothing comes after it.
/// Lenient in what a reader can bear (`sdk-expectations.md`, part 7), honest about an answer that is not whole.
public protocol AnswerParser: Sendable {
    /// Takes the next bytes of the body, cut anywhere.
    mutating func feed(_ bytes: [UInt8]) -> [ChatEvent]

    /// The body has ended as its framing says it should.
    mutating func finish() -> [ChatEvent]

    /// All text is there, and only what follows it, such as token counts, may still come: an upstream that dies now has
    /// said all.
    var hasWholeText: Bool { get }
}

extension AnswerParser {
    public var hasWholeText: Bool { false }
}
