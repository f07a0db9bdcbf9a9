// SPDX-License-Identifier: Apache-2.0

import TestSupport

@testable import LoadTest

/// What a reader makes of the bytes of a response.
struct PlayedResponse: Equatable {
    var kinds: [EventKind] = []
    var progress = ResponseProgress.more
    var tokens: Int32 = 0

    var end: StreamEnd? {
        if case .ended(let end, _, _) = progress { end } else { nil }
    }

    var isReusable: Bool {
        if case .ended(_, _, let isReusable) = progress { isReusable } else { false }
    }

    /// Feeds a response, cut at `cuts`, and closes the connection where it goes on.
    static func play(
        _ bytes: some Sequence<UInt8>,
        to reader: TargetReader,
        cuts: [Int] = [],
        closes: Bool = true,
        isCut: Bool = false
    ) -> PlayedResponse {
        let bytes = Array(bytes)
        var state = ResponseState()
        var played = PlayedResponse()
        var start = 0
        for end in cuts + [bytes.count] where played.progress == .more && end >= start {
            // A buffer of its own: a read beyond it is found by the sanitizer.
            Array(bytes[start..<end]).withUnsafeBytes { piece in
                played.progress = reader.read(piece, &state) { played.kinds.append($0) }
            }
            start = end
        }
        if closes, played.progress == .more {
            played.progress = reader.closed(&state, isCut: isCut) { played.kinds.append($0) }
        }
        played.tokens = state.tokens
        return played
    }

    static func target(_ format: StreamFormat?, path: String = "/chat/stream?prompt=x", body: String? = nil) -> Target {
        Target(
            url: "http://127.0.0.1\(path)",
            host: "127.0.0.1",
            port: 80,
            path: path,
            body: body.map { Array($0.utf8) },
            format: format
        )
    }

    /// A response whose body is sent in a chunk for each frame.
    static func chunked(_ frames: [String], type: String = "text/event-stream") -> [UInt8] {
        var text = "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\n\r\n"
        for frame in frames where !frame.isEmpty {
            text += String(frame.utf8.count, radix: 16) + "\r\n" + frame + "\r\n"
        }
        return Array((text + "0\r\n\r\n").utf8)
    }

    static func cuts(_ count: Int, in bytes: [UInt8], _ dice: inout Dice) -> [Int] {
        (0..<count).map { _ in Int.random(in: 0...bytes.count, using: &dice) }.sorted()
    }
}
