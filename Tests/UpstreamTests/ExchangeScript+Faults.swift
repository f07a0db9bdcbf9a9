// SPDX-License-Identifier: Apache-2.0

import Conversation
import Upstream

extension ExchangeScript {
    static let answers: [ExchangeScript] = [
        .init(
            "[DONE] makes an answer whole",
            [head, body(delta("a"), "[DONE]"), .ended(.complete)],
            gives: [text("a"), .end(.stop)]
        ),
        .init(
            "finish_reason makes it whole too",
            [head, body(delta("a"), finish)],
            gives: [text("a"), .end(.stop)]
        ),
        .init(
            "what follows the end is not read",
            [head, body("[DONE]", delta("a")), body(delta("b"))],
            gives: [.end(.stop)]
        ),
        .init(
            "the end does not wait for the connection's",
            [head, body("[DONE]"), .ended(.reset("x"))],
            gives: [.end(.stop)]
        ),
        .init(
            "a surrogate pair cut over two deltas is one scalar",
            [head, body(delta(#"\ud83d"#), delta(#"\ude00"#), "[DONE]")],
            gives: [text("😀"), .end(.stop)]
        ),
        .init(
            "half a pair at the end is U+FFFD",
            [head, body(delta(#"a\ud83d"#), "[DONE]")],
            gives: [text("a"), text("\u{FFFD}"), .end(.stop)]
        ),
        .init(
            "half a pair is not lost in a fault",
            [head, body(delta(#"a\ud83d"#)), .ended(.complete)],
            gives: [
                text("a"), text("\u{FFFD}"),
                fault(
                    .truncated,
                    "The upstream's answer stopped without a finish_reason or [DONE].",
                    retryable: true
                ),
            ]
        ),
    ]

    static let faults: [ExchangeScript] = [
        .init(
            "no connection is upstream_refused",
            [.ended(.refused("no route"))],
            gives: [fault(.upstreamRefused, "The upstream cannot be reached: no route", retryable: true)]
        ),
        .init(
            "a lost connection is upstream_reset",
            [head, body(delta("a")), .ended(.reset("gone"))],
            gives: [
                text("a"),
                fault(.upstreamReset, "The upstream dropped the connection: gone", retryable: true),
            ]
        ),
        .init(
            "no HTTP is upstream_protocol",
            [.ended(.notHTTP("SSH-2.0"))],
            gives: [fault(.upstreamProtocol, "The upstream does not speak HTTP: SSH-2.0")]
        ),
        .init(
            "an end before a head is upstream_protocol",
            [.ended(.complete)],
            gives: [fault(.upstreamProtocol, "The upstream gave an empty answer.")]
        ),
        .init(
            "JSON in place of an event stream is upstream_protocol",
            [.head(status: 200, contentType: "application/json"), body("x")],
            gives: [
                fault(
                    .upstreamProtocol,
                    "The upstream answered with application/json, not with text/event-stream."
                )
            ]
        ),
        .init(
            "no content type is upstream_protocol",
            [.head(status: 200, contentType: "")],
            gives: [
                fault(
                    .upstreamProtocol,
                    "The upstream answered with no content type, not with text/event-stream."
                )
            ]
        ),
        .init(
            "broken JSON is upstream_protocol, after what was right",
            [head, body(delta("a"), "{"), body("[DONE]")],
            gives: [
                text("a"),
                fault(
                    .upstreamProtocol,
                    "The upstream sent broken JSON: at byte 1, expected a name in quotes."
                ),
            ]
        ),
        .init(
            "an event over the bound is upstream_protocol",
            [head, body(delta(String(repeating: "a", count: 1_000)))],
            gives: [fault(.upstreamProtocol, "An event of the upstream has more than 1000 bytes.")]
        ),
        .init(
            "a body without finish_reason or [DONE] is truncated",
            [head, body(delta("a")), .ended(.complete)],
            gives: [
                text("a"),
                fault(
                    .truncated,
                    "The upstream's answer stopped without a finish_reason or [DONE].",
                    retryable: true
                ),
            ]
        ),
        .init(
            "an error in the stream is upstream_error",
            [head, body(#"{"error":{"message":"too much","code":429}}"#)],
            gives: [fault(.upstreamError, "too much", retryable: true)]
        ),
        .init(
            "an error answer's own words are told",
            [
                .head(status: 401, contentType: "application/json"), .body(Array(#"{"error":{"mess"#.utf8)),
                .body(Array(#"age":"bad key"}}"#.utf8)), .ended(.complete),
            ],
            gives: [fault(.upstreamStatus, "The upstream answered with status 401: bad key", status: 401)]
        ),
        .init(
            "an error answer that is cut is still an error answer",
            [.head(status: 503, contentType: "text/html"), .body([0x3C]), .ended(.reset("x"))],
            gives: [
                fault(
                    .upstreamStatus,
                    "The upstream answered with status 503.",
                    retryable: true,
                    status: 503
                )
            ]
        ),
    ]
}
