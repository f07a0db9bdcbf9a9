// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPTypes
internal import Typewriter
internal import WireFormats

/// A request whose answer is passed on as an upstream gives it: what the relay has to know of it.
struct RelayOrder {
    let format: WireFormat
    let isStreamed: Bool
    /// How many answers the upstream is asked for.
    let choices: Int
    /// When the request came, on the monotonic clock.
    let start: Nanoseconds
    /// The fields of a streamed answer, where the upstream has no word on them.
    let fields: HTTPFields
    /// Writes what the upstream cannot: the error of an answer that broke, what keeps the line open.
    let renderer: (any AnswerRenderer)?
    /// For whoever answers in the place of an upstream that speaks the format; nil where nobody else can.
    let order: AnswerOrder?

    /// An answer to a conversation.
    init(_ order: AnswerOrder, fields: HTTPFields) {
        format = order.chat.format
        isStreamed = order.chat.isStreamed
        choices = order.chat.choices
        start = order.start
        self.fields = fields
        renderer = order.wire.renderer(for: order.identity)
        self.order = order
    }

    /// Something else that an upstream does, answered with one body.
    init(_ format: WireFormat, start: Nanoseconds) {
        self.format = format
        isStreamed = false
        choices = 1
        self.start = start
        fields = [:]
        renderer = nil
        order = nil
    }
}
