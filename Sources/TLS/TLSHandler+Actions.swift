// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// What the state decides is done here.
extension TLSHandler {
    func run(_ action: TLSConnectionState.Action) {
        perform(action)
        armDeadline()
    }

    private func perform(_ action: TLSConnectionState.Action) {
        guard let context else { return }
        switch action {
        case .none: break
        case .askGate: enterGate()
        case .shakeHands: shakeHands(context)
        case .tellInputClosed:
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            settle()
        case .sayGoodbye: sayGoodbye(context)
        case .closeOutput:
            context.close(mode: .output, promise: Self.joined(&outputPromises, context.eventLoop))
            if state.isLingering { context.read() }
        case .close: close(context)
        case .giveUp(let problem):
            hasFailed = true
            context.fireErrorCaught(problem)
            close(context)
        }
    }

    /// Goes on where it was waited for the last byte to leave.
    func settle() {
        if pendingBytes == 0 { run(state.flushed()) }
    }

    /// Told on once.
    func fail(_ problem: TLSProblem, hasLastWords: Bool) {
        guard let context, !hasFailed, !state.isClosed else { return }
        hasFailed = true
        let action = state.failed(now: context.eventLoop.now, hasLastWords: hasLastWords)
        for promise in queue.drain() { promise.fail(problem) }
        context.fireErrorCaught(problem)
        run(action)
        settle()
        leaveLine()
    }

    private func close(_ context: ChannelHandlerContext) {
        var promises = closePromises + outputPromises
        closePromises = []
        outputPromises = []
        end(ChannelError.ioOnClosedChannel)
        context.close(promise: Self.joined(&promises, context.eventLoop))
    }

    /// Nothing is waited for any more.
    func end(_ error: any Error) {
        state.disconnected()
        deadlineTask?.cancel()
        deadlineTask = nil
        early = nil
        hasDelivered = false
        let closed = closePromises + outputPromises
        closePromises = []
        outputPromises = []
        for promise in queue.drain() { promise.fail(error) }
        for promise in closed { promise.succeed() }
        leaveLine()
    }

    /// Sees to it that one task wakes the state at its deadline, and none stays behind.
    func armDeadline() {
        let deadline = state.deadline
        guard deadline != armedDeadline else { return }
        armedDeadline = deadline
        deadlineTask?.cancel()
        deadlineTask = nil
        guard let deadline, let context else { return }
        deadlineTask = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            deadlineTask = nil
            run(state.deadlinePassed(now: deadline))
        }
    }

    private static func joined(
        _ promises: inout [EventLoopPromise<Void>],
        _ loop: any EventLoop
    ) -> EventLoopPromise<Void>? {
        guard let first = promises.first else { return nil }
        defer { promises = [] }
        for promise in promises.dropFirst() { first.futureResult.cascade(to: promise) }
        return first
    }
}
