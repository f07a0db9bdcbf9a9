// SPDX-License-Identifier: Apache-2.0

/// Why a whole answer ends where it does.
public enum FinishReason: Equatable, Sendable {
    /// The model had said all.
    case stop
    /// The text had come to one of the request's stop sequences, which is not part of it.
    case stopSequence(String)
    /// The request's limit of tokens, or the model's.
    case length
    /// The model waits for the results of its tool calls.
    case toolCalls
    /// A filter stopped it.
    case contentFilter
    /// The model refused; the text of a refusal may have come before.
    case refusal
}
