// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import Upstream

/// One answer of an upstream: what its transfer brings, and what becomes of it.
struct ExchangeScript: Sendable, CustomTestStringConvertible {
    let promise: String
    let parts: [TransferPart]
    let events: [ChatEvent]

    init(_ promise: String, _ parts: [TransferPart], gives events: [ChatEvent]) {
        self.promise = promise
        self.parts = parts
        self.events = events
    }

    var testDescription: String { promise }

    static let head = TransferPart.head(status: 200, contentType: "text/event-stream; charset=utf-8")

    /// A body part with one chunk for each of `payloads`.
    static func body(_ payloads: String...) -> TransferPart {
        .body(Array(payloads.map { "data: \($0)\n\n" }.joined().utf8))
    }

    /// A chunk with `content`.
    static func delta(_ content: String) -> String {
        #"{"choices":[{"index":0,"delta":{"content":"\#(content)"}}]}"#
    }

    static let finish = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#

    static func text(_ text: String) -> ChatEvent { .text(Array(text.utf8)) }

    static func fault(
        _ kind: ChatFault.Kind,
        _ message: String,
        retryable: Bool = false,
        status: Int? = nil
    ) -> ChatEvent {
        .fault(ChatFault(kind: kind, message: message, retryable: retryable, status: status))
    }
}
