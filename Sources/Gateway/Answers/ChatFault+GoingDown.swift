// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension ChatFault {
    /// The server is about to end, and nothing more can be said.
    static let goingDown = ChatFault(
        kind: .overloaded,
        message: "The server is going down. Ask again.",
        retryable: true
    )
}
