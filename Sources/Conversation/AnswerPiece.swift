// SPDX-License-Identifier: Apache-2.0

/// What a piece of an answer is.
public enum AnswerPiece: Equatable, Sendable {
    case text
    case reasoning
    case refusal
    /// JSON text of the arguments of the tool call that has begun.
    case toolArguments
}
