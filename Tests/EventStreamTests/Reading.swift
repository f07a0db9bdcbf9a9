// SPDX-License-Identifier: Apache-2.0

import EventStream

/// What a stream says: its events, and the reconnection time it leaves behind.
struct Reading: Equatable {
    var events: [ServerSentEvent] = []
    var retryMilliseconds: Int?
    var isTooLarge = false

    /// Reads `stream`, fed in pieces that end at `borders`.
    init(_ stream: [UInt8], borders: [Int], limit: Int = 8 << 20) {
        var parser = EventStreamParser(limit: limit)
        var start = 0
        for border in borders {
            do {
                try parser.feed(stream.span.extracting(start..<border)) { events.append($0) }
            } catch {
                isTooLarge = true
                break
            }
            start = border
        }
        retryMilliseconds = parser.retryMilliseconds
    }

    /// Reads `stream`, fed at once.
    init(_ stream: [UInt8], limit: Int = 8 << 20) {
        self.init(stream, borders: [stream.count], limit: limit)
    }

    init(_ stream: String, limit: Int = 8 << 20) {
        self.init(Array(stream.utf8), limit: limit)
    }
}

extension ServerSentEvent {
    init(_ data: String, type: String = "message", id: String = "") {
        self.init(type: type, data: Array(data.utf8), lastEventID: id)
    }
}
