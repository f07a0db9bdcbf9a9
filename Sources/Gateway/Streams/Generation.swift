// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Journal
internal import Logging
internal import MockModel
internal import Typewriter
internal import Upstream
internal import WireFormats

/// The life of one answer: where its text comes from, its readers on this loop and their copies on others, when it is
/// given up, and how long it is kept.
final class Generation: StreamKeeper, CallTaker {
    /// How often a transfer that was held back is looked at again.
    private static let roomCheck: Nanoseconds = 20 * .millisecond

    let stream: Stream
    private unowned let loop: GatewayLoop
    private let chat: ChatRequest
    private(set) var call: UpstreamCall?
    private var feed: ScriptFeed?
    /// Copies of the stream, by the loops they live on.
    private var followers: [ReplicaID: Int] = [:]
    /// When it ends for want of readers.
    private var abandonment: Nanoseconds?
    /// When it is forgotten.
    private var expiry: Nanoseconds?

    init(stream: Stream, chat: ChatRequest, loop: GatewayLoop, now: Nanoseconds) {
        self.stream = stream
        self.chat = chat
        self.loop = loop
        stream.keeper = self
        readersChanged(of: stream, now: now)
    }

    var id: StreamID { stream.spec.id }

    private var limits: StreamLimits { loop.services.configuration.streams }

    /// Text comes from `call` from now on.
    func begin(_ call: UpstreamCall, now: Nanoseconds) {
        self.call = call
        call.begin(now: now)
    }

    /// The answer is what `script` says, step by step.
    func play(_ script: AnswerScript, firstDelay: Nanoseconds, now: Nanoseconds) {
        let feed = ScriptFeed(script, start: now + firstDelay)
        self.feed = feed
        // What is no text is for readers who are there, and the first one is about to come.
        if let time = feed.wakeTime { stream.wakeKeeper(at: time, now: now) } else { playOn(now: now) }
    }

    private func playOn(now: Nanoseconds) {
        guard let inputs = feed?.next(hasCaughtUp: stream.backlog == 0, now: now) else { return }
        for input in inputs { forward(input, now: now) }
        // Without a pace all is typed at once, and the next step is due.
        guard !inputs.isEmpty || feed?.wakeTime != nil else { return }
        if let time = feed?.wakeTime { stream.wakeKeeper(at: time, now: now) }
    }

    func streamStarved(_ stream: Stream, now: Nanoseconds) {
        guard feed?.hasMore == true, feed?.wakeTime == nil else { return }
        // Not from here: the stream is in the middle of a step of its own.
        stream.wakeKeeper(at: now, now: now)
    }

    func readerEnded(_ outcome: AnswerOutcome) {
        loop.services.requestLog.ended(stream.spec.logID, outcome, status: 200, now: Pacer.now())
    }

    // MARK: Text

    func upstreamMoved(now: Nanoseconds) {
        checkRoom(now: now)
        watchClock(now: now)
    }

    /// What the mock says in the place of an upstream is typed as the upstream's text would have been.
    func upstreamIsMocked(by answer: String, now: Nanoseconds) {
        let text = (MockAnswer(rawValue: answer) ?? .mock).text(for: chat, seed: stream.spec.start.seed)
        upstreamSaid([.text(text), .end(.stop)], now: now)
    }

    func upstreamResumed(_ target: CallTarget, now: Nanoseconds) {
        forward(.resumed, now: now)
    }

    func upstreamSaid(_ events: [ChatEvent], now: Nanoseconds) {
        for event in events {
            switch event {
            case .text(let text), .refusal(let text):
                forward(.text(text), now: now)
                if !loop.grew(id, by: text.count) { cut(.fault(Self.overloaded), now: now) }
            case .reasoning, .toolCall, .usage: forward(.named(event), now: now)
            case .end: forward(.closed(.whole), now: now)
            case .fault(let fault): forward(.closed(.fault(fault)), now: now)
            }
        }
    }

    private func forward(_ input: StreamInput, now: Nanoseconds) {
        stream.take(input, at: now)
        for (replica, home) in followers { loop.send(input, at: now, to: replica, on: home) }
    }

    /// A transfer goes on when the typewriter has caught up far enough.
    private func checkRoom(now: Nanoseconds) {
        guard let call else { return }
        call.setRoom(stream.backlog < limits.backlog, now: now)
        if call.isHeldBack { stream.wakeKeeper(at: now + Self.roomCheck, now: now) }
    }

    private func watchClock(now: Nanoseconds) {
        if let deadline = call?.deadline { stream.wakeKeeper(at: deadline, now: now) }
    }

    private func stopCall() {
        guard let call else { return }
        self.call = nil
        call.cancel(now: Pacer.now())
    }

    // MARK: Readers

    /// A copy of the stream lives on another loop from now on.
    func add(_ follower: ReplicaID, on home: Int) {
        followers[follower] = home
        abandonment = nil
    }

    func remove(_ follower: ReplicaID, now: Nanoseconds) {
        followers[follower] = nil
        readersChanged(of: stream, now: now)
    }

    func readersChanged(of stream: Stream, now: Nanoseconds) {
        guard stream.readers.isEmpty, followers.isEmpty, !stream.hasEnded else {
            abandonment = nil
            return
        }
        let time = now + limits.readerGrace
        abandonment = time
        stream.wakeKeeper(at: time, now: now)
    }

    // MARK: The end

    /// Ends the stream now, at its client's wish.
    func cancel(now: Nanoseconds) {
        cut(.fault(Self.cancelled("The stream was cancelled.")), now: now)
    }

    func timeCame(for stream: Stream, now: Nanoseconds) {
        call?.clockRanOut(now: now)
        upstreamMoved(now: now)
        playOn(now: now)
        if let time = abandonment {
            if stream.readers.isEmpty, time <= now { abandon(now: now) } else { wake(at: time, now: now) }
        }
        if let time = expiry {
            if time <= now { loop.forget(self) } else { wake(at: time, now: now) }
        }
    }

    func streamEnded(_ stream: Stream, now: Nanoseconds) {
        stopCall()
        abandonment = nil
        let time = now + limits.retention
        expiry = time
        wake(at: time, now: now)
        loop.ended(self)
    }

    /// The server is going down.
    func dismissReaders(now: Nanoseconds) {
        forward(.dismissed, now: now)
    }

    /// Lets go of everything; the generation is not used any more.
    func retire() {
        stopCall()
        stream.retire()
    }

    private func wake(at time: Nanoseconds, now: Nanoseconds) {
        stream.wakeKeeper(at: time, now: now)
    }

    private func abandon(now: Nanoseconds) {
        abandonment = nil
        guard call?.isKept != true else { return }
        guard !stream.hasEnded, stream.readers.isEmpty, followers.isEmpty else { return }
        let fault = Self.cancelled("Nobody read the stream for so long that it was cancelled.")
        if stream.spec.isMock {
            cut(.fault(fault), now: now)
        } else if stream.log.outcome == nil {
            // What the upstream has said already is still typed, for a reader who comes back.
            call?.clientLeft(now: now)
            call = nil
            forward(.closed(.fault(fault)), now: now)
        }
    }

    private func cut(_ outcome: AnswerLog.Outcome, now: Nanoseconds) {
        guard !stream.hasEnded else { return }
        stopCall()
        forward(.cut(outcome), now: now)
    }

    private static func cancelled(_ message: String) -> ChatFault {
        ChatFault(kind: .cancelled, message: message, retryable: false)
    }

    private static let overloaded = ChatFault(
        kind: .overloaded,
        message: "The server holds as much text as it may.",
        retryable: true
    )
}

@available(*, unavailable)
extension Generation: Sendable {}
