// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import MockModel
internal import Typewriter
internal import WireFormats

/// What is fixed for a stream's whole life.
final class StreamSpec: Sendable {
    let id: StreamID
    let start: PlainStreamStart
    let frames: PlainStreamFrames
    let events: Set<PlainStreamRequest.NamedEvent>
    /// The mock says what it says by typing it: what it has not typed has not been said.
    let isMock: Bool
    /// What goes wrong for a reader from the start; who resumes has had it.
    let plan: FaultPlan
    /// When the request came, on the monotonic clock.
    let requestTime: Nanoseconds
    /// Its entry in the log of requests.
    let logID: UInt64
    /// An estimate of the tokens asked with, for the mock's usage.
    let inputTokens: Int

    init(
        id: StreamID,
        request: PlainStreamRequest,
        model: Catalogue.Model,
        pace: Pace,
        seed: UInt64,
        created: Int,
        plan: FaultPlan = FaultPlan(),
        requestTime: Nanoseconds = 0,
        logID: UInt64 = 0
    ) {
        var isMock = false
        if case .mock = model { isMock = true }
        self.id = id
        self.plan = plan
        self.requestTime = requestTime
        self.logID = logID
        self.frames = PlainStreamFrames(id: id, format: request.format)
        self.events = request.events
        self.inputTokens = request.messages.reduce(0) { $0 + Self.estimatedTokens(bytes: $1.content.utf8.count) }
        self.isMock = isMock
        let ownGap = pace.shape.ownMeanGap ?? 0
        self.start = PlainStreamStart(
            model: model.name,
            unit: pace.unit.rawValue,
            rate: pace.rate ?? (ownGap > 0 ? (1e12 / ownGap).rounded() / 1e3 : 0),
            seed: seed,
            created: created
        )
    }

    /// Four bytes a token, rounded up: the rule of thumb for English, and the same on every machine.
    static func estimatedTokens(bytes: Int) -> Int {
        (bytes + 3) / 4
    }
}
