// SPDX-License-Identifier: Apache-2.0

/// What tells that an answer is whole.
enum AnswerEnding: Equatable, Sendable {
    /// A finish, and then an event of its own, such as `[DONE]`.
    case terminator
    /// A finish; a terminator may follow it.
    case finish
    /// A terminator alone: there are no finishes.
    case bareTerminator
    /// Nothing: the body's end is the answer's.
    case none
}
