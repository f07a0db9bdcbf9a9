// SPDX-License-Identifier: Apache-2.0

/// What a scenario answers.
public enum ScenarioReply: Equatable, Sendable {
    case answer(AnswerScript)
    case builtIn(MockAnswer)
    /// An HTTP error: code and message are nil where the wire format's own will do, `retryAfter` is in seconds.
    case problem(status: Int, code: String?, message: String?, retryAfter: Double?)
    /// A recording: `isRaw` tells whether its bytes or its events are wanted, nil leaves that to the player.
    case cassette(path: String, isRaw: Bool?, speed: Double?)
}
