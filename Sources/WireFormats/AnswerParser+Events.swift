// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import EventStream

extension AnswerParser {
    /// What the upstream sent is none of its format.
    static func protocolFault(_ message: String) -> ChatFault {
        ChatFault(kind: .upstreamProtocol, message: message, retryable: false)
    }

    /// The events that end in `bytes`, and a fault where what follows them is too long.
    static func events(
        in bytes: [UInt8],
        _ parser: inout EventStreamParser
    ) -> (events: [ServerSentEvent], fault: ChatFault?) {
        var events: [ServerSentEvent] = []
        do {
            try parser.feed(bytes.span) { events.append($0) }
            return (events, nil)
        } catch {
            return (events, protocolFault("An event of the upstream has more than \(error.limit) bytes."))
        }
    }
}
