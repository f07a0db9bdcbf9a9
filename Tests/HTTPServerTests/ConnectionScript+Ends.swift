// SPDX-License-Identifier: Apache-2.0

@testable import HTTPServer

extension ConnectionScript {
    static let timeouts: [ConnectionScript] = [
        .init(
            "a connection that never says anything is closed without a word",
            [.init(.wait(9)), .init(.wait(1), .close)]
        ),
        .init(
            "a head that does not end is answered 408",
            [
                .init(.bytes), .init(.wait(9)), .init(.wait(1), .refuse(.timeout)),
            ]
        ),
        .init(
            "a head's time counts from its first byte, and more bytes win none",
            [
                .init(.wait(8)), .init(.bytes), .init(.wait(8)), .init(.bytes),
                .init(.wait(2), .refuse(.timeout)),
            ]
        ),
        .init(
            "a body that does not end is answered 408",
            [
                .init(post(10)), .init(.wait(29)), .init(.body(1)), .init(.wait(1), .refuse(.timeout)),
            ]
        ),
        .init(
            "an answer may take as long as it likes",
            [.init(.get, .dispatch), .init(.wait(10_000))]
        ),
        .init(
            "a connection may rest 75 seconds between requests",
            [
                .init(.get, .dispatch), .init(.answerEnd), .init(.wait(74)), .init(.wait(1), .close),
            ]
        ),
        .init(
            "a request ends the rest",
            [
                .init(.get, .dispatch), .init(.answerEnd), .init(.wait(74)), .init(.get, .dispatch),
                .init(.wait(100)),
            ]
        ),
        .init(
            "a request that is late during an answer is not answered, and the answer still ends",
            [
                .init(.get, .dispatch), .init(.bytes), .init(.wait(10)), .init(.answerEnd, .close),
            ]
        ),
        .init(
            "a refused client has two seconds to hear of it",
            [
                .init(.bytes), .init(.garbage, .refuse(garbage)), .init(.wait(1)), .init(.wait(1), .close),
                .init(.wait(9)),
            ]
        ),
    ]

    static let ends: [ConnectionScript] = [
        .init(
            "a client that leaves between requests is let go",
            [.init(.inputClosed, .close), .init(.inputClosed)]
        ),
        .init(
            "a client that leaves within a head is let go",
            [.init(.bytes), .init(.inputClosed, .close)]
        ),
        .init(
            "a client that leaves within a body is let go",
            [.init(post(5)), .init(.inputClosed, .close)]
        ),
        .init(
            "a client that has finished sending still gets its answer",
            [
                .init(.get, .dispatch), .init(.inputClosed, .reportFinishedSending),
                .init(.answerEnd, .close),
            ],
            wantsRead: false
        ),
        .init(
            "and the answers to all that it asked before",
            [
                .init(.get, .dispatch), .init(.get), .init(.inputClosed, .reportFinishedSending),
                .init(.answerEnd, .dispatch),
                .init(.answerEnd, .close),
            ]
        ),
        .init(
            "a refused client that finishes is let go at once",
            [
                .init(.garbage, .refuse(garbage)), .init(.inputClosed, .close),
            ]
        ),
        .init(
            "what a refused client still sends is thrown away",
            [
                .init(.garbage, .refuse(garbage)), .init(.bytes), .init(.get), .init(.body(5)),
                .init(.garbage),
            ],
            wantsRead: true,
            closesAfterAnswer: true
        ),
        .init("going down closes a connection at rest", [.init(.drain, .close)], wantsRead: false),
        .init(
            "going down closes a connection whose request is not whole",
            [.init(post(5)), .init(.drain, .close)]
        ),
        .init(
            "going down lets an answer end",
            [
                .init(.get, .dispatch), .init(.drain), .init(.answerEnd, .close),
            ],
            closesAfterAnswer: true
        ),
        .init(
            "going down leaves a refused client its time",
            [
                .init(.garbage, .refuse(garbage)), .init(.drain), .init(.wait(2), .close), .init(.drain),
            ]
        ),
    ]
}
