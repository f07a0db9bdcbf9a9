// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// A request of one wire format that has been understood, and how its answer looks.
public protocol WireRequest: Sendable {
    var chat: ChatRequest { get }

    /// The `Content-Type` of a streamed answer.
    var streamType: String { get }

    /// Fields of an answer that only this format has: its version, its mark.
    var fields: [(name: String, value: String)] { get }

    /// Writes the answer as a stream.
    func renderer(for identity: AnswerIdentity) -> any AnswerRenderer

    /// The answer as one body of JSON.
    func body(of answer: WholeAnswer, for identity: AnswerIdentity) -> [UInt8]
}
