// SPDX-License-Identifier: Apache-2.0

import EventStream
import Testing

/// A stream, and what the specification makes of it.
struct GrammarCase: Sendable, CustomTestStringConvertible {
    let promise: String
    let stream: [UInt8]
    let events: [ServerSentEvent]
    let retry: Int?

    init(_ promise: String, _ stream: String, gives events: [ServerSentEvent], retry: Int? = nil) {
        self.init(promise, bytes: Array(stream.utf8), gives: events, retry: retry)
    }

    init(_ promise: String, bytes: [UInt8], gives events: [ServerSentEvent], retry: Int? = nil) {
        self.promise = promise
        self.stream = bytes
        self.events = events
        self.retry = retry
    }

    var testDescription: String { promise }
}
