// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// One request of a ``RoutedCall`` to one of its targets.
struct CallAttempt {
    let id: Int
    let target: Int
    /// Its number on the board.
    let request: Int
    /// It has no place at the upstream yet.
    var isWaiting = true
    /// Nil while it waits.
    var exchange: ChatExchange?
    var start: Int64
    /// Token counts that came before the first token.
    var early: [ChatEvent] = []
    /// What may pass to the client, should this be who answers.
    var earlyBytes: [UInt8] = []
}
