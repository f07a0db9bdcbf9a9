// SPDX-License-Identifier: Apache-2.0

@testable import HTTPServer

extension ConnectionScript {
    static let requests: [ConnectionScript] = [
        .init(
            "a request without a body is dispatched at its end",
            [
                .init(.bytes), .init(.head(Head())), .init(.requestEnd, .dispatch),
            ],
            wantsRead: true,
            closesAfterAnswer: false
        ),
        .init(
            "a counted body may be as long as the limit",
            [
                .init(post(1_000)), .init(.body(999)), .init(.body(1)), .init(.requestEnd, .dispatch),
            ]
        ),
        .init(
            "a body that is announced too long is refused before it comes",
            [
                .init(post(1_001), .refuse(.bodyTooLarge(limit: 1_000))), .init(.body(10)),
                .init(.requestEnd),
            ]
        ),
        .init(
            "a chunked body is refused where it passes the limit, once",
            [
                .init(post(nil)), .init(.body(1_000)),
                .init(.body(1), .refuse(.bodyTooLarge(limit: 1_000))), .init(.body(1)),
                .init(.requestEnd),
            ]
        ),
        .init(
            "a request without a length has no body",
            [
                .init(.head(Head())), .init(.requestEnd, .dispatch),
            ]
        ),
        .init("a POST of length 0 has a length", [.init(post(0)), .init(.requestEnd, .dispatch)]),
        .init(
            "a target as long as the limit is taken",
            [
                .init(.head(Head(targetLength: 100))), .init(.requestEnd, .dispatch),
            ]
        ),
        .init(
            "a longer target is refused",
            [
                .init(.head(Head(targetLength: 101)), .refuse(.targetTooLong(limit: 100)))
            ]
        ),
        .init(
            "HTTP/1.1 without Host is refused",
            [
                .init(.head(Head(hasHost: false)), .refuse(.malformed("the Host field is missing")))
            ]
        ),
        .init(
            "HTTP/1.0 needs no Host, and ends the connection",
            [
                .init(.head(Head(isVersion1_0: true, hasHost: false))), .init(.requestEnd, .dispatch),
                .init(.answerEnd, .close),
            ],
            wantsRead: false
        ),
        .init(
            "Connection: close ends the connection after the answer",
            [
                .init(.head(Head(keepsAlive: false))), .init(.requestEnd, .dispatch),
                .init(.answerEnd, .close),
            ]
        ),
        .init(
            "a client that expects 100-continue is told to go on",
            [
                .init(post(5, expectation: "100-Continue"), .sendContinue), .init(.body(5)),
                .init(.requestEnd, .dispatch),
            ]
        ),
        .init("a chunked body too", [.init(post(nil, expectation: "100-continue"), .sendContinue)]),
        .init(
            "without a body there is nothing to go on with",
            [.init(post(0, expectation: "100-continue"))]
        ),
        .init(
            "another expectation is refused",
            [
                .init(post(5, expectation: "200-ok"), .refuse(.expectationFailed))
            ]
        ),
        .init(
            "HTTP/1.0 knows no expectations",
            [
                .init(
                    .head(Head(isVersion1_0: true, contentLength: 5, expectation: "200-ok"))
                )
            ]
        ),
        .init(
            "what is too large is refused before a client is told to go on",
            [
                .init(post(1_001, expectation: "100-continue"), .refuse(.bodyTooLarge(limit: 1_000)))
            ]
        ),
        .init(
            "garbage is refused",
            [.init(.bytes), .init(.garbage, .refuse(garbage)), .init(.garbage)],
            wantsRead: true
        ),
    ]

    static let pipelines: [ConnectionScript] = [
        .init(
            "one request after the other on a connection",
            [
                .init(.get, .dispatch), .init(.answerEnd), .init(.get, .dispatch), .init(.answerEnd),
                .init(.get, .dispatch),
            ]
        ),
        .init(
            "a request that comes during an answer waits for its end",
            [
                .init(.get, .dispatch), .init(.get), .init(.answerEnd, .dispatch), .init(.answerEnd),
            ]
        ),
        .init(
            "while one waits nothing more is read",
            [.init(.get, .dispatch), .init(.get)],
            wantsRead: false
        ),
        .init(
            "when none waits reading goes on",
            [
                .init(.get, .dispatch), .init(.get), .init(.answerEnd, .dispatch),
            ],
            wantsRead: true
        ),
        .init(
            "three that came at once are answered in turn",
            [
                .init(.get, .dispatch), .init(.get), .init(.get), .init(.answerEnd, .dispatch),
                .init(.answerEnd, .dispatch),
                .init(.answerEnd),
            ]
        ),
        .init(
            "who reads no answer gets no further one, and is not read",
            [.init(.get, .dispatch), .init(.get), .init(.answerEndHeld)],
            wantsRead: false
        ),
        .init(
            "nor where none waits",
            [.init(.get, .dispatch), .init(.answerEndHeld)],
            wantsRead: false
        ),
        .init(
            "when the answer has left, the next request has its turn",
            [
                .init(.get, .dispatch), .init(.get), .init(.answerEndHeld), .init(.drained, .dispatch),
                .init(.wait(100)), .init(.answerEnd),
            ],
            wantsRead: true
        ),
        .init(
            "and what came before the client finished sending is answered",
            [
                .init(.get, .dispatch), .init(.get), .init(.answerEndHeld), .init(.inputClosed),
                .init(.drained, .dispatch), .init(.answerEnd, .close),
            ]
        ),
        .init(
            "what is too large during an answer is not answered in its midst, nor what follows",
            [
                .init(.get, .dispatch), .init(.head(Head(targetLength: 101))), .init(.requestEnd), .init(.get),
                .init(.answerEnd, .close),
            ]
        ),
        .init(
            "who waits for 100 is not told within an answer",
            [.init(.get, .dispatch), .init(post(5, expectation: "100-continue"))]
        ),
        .init(
            "nor where only its body shows it",
            [
                .init(.get, .dispatch), .init(post(nil)), .init(.body(1_001)), .init(.requestEnd),
                .init(.answerEnd, .close),
            ]
        ),
        .init(
            "nothing comes before an answer that waits",
            [
                .init(.get, .dispatch), .init(.get), .init(.answerEndHeld), .init(.garbage),
                .init(.drained, .dispatch), .init(.answerEnd, .close),
            ]
        ),
        .init(
            "who reads nothing for as long as a connection may rest is let go",
            [.init(.get, .dispatch), .init(.get), .init(.answerEndHeld), .init(.wait(75), .close), .init(.drained)]
        ),
        .init(
            "a waiting Connection: close does not close before its own answer",
            [
                .init(.get, .dispatch), .init(.head(Head(keepsAlive: false))), .init(.requestEnd),
                .init(.answerEnd, .dispatch),
                .init(.answerEnd, .close),
            ]
        ),
        .init(
            "what follows a Connection: close is not answered",
            [
                .init(.head(Head(keepsAlive: false))), .init(.requestEnd, .dispatch), .init(.get),
                .init(.answerEnd, .close),
            ]
        ),
        .init(
            "garbage during an answer waits for its end, then the connection closes",
            [
                .init(.get, .dispatch), .init(.garbage), .init(.answerEnd, .close),
            ],
            wantsRead: false
        ),
        .init(
            "garbage behind a waiting request lets that be answered",
            [
                .init(.get, .dispatch), .init(.get), .init(.garbage), .init(.answerEnd, .dispatch),
                .init(.answerEnd, .close),
            ]
        ),
    ]
}
