// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// What goes to the peer.
extension TLSHandler {
    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard state.canEncrypt || state.isBeforeSession else {
            promise?.fail(state.isClosed ? ChannelError.ioOnClosedChannel : ChannelError.outputClosed)
            return
        }
        queue.append(unwrapOutboundIn(data), promise: promise)
    }

    public func flush(context: ChannelHandlerContext) {
        queue.mark()
        releaseQueue()
    }

    public func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard !state.isClosed, mode != .input else { return context.close(mode: mode, promise: promise) }
        let now = context.eventLoop.now
        if mode == .output {
            if let promise { outputPromises.append(promise) }
            run(state.outputCloseAsked(now: now))
        } else {
            if let promise { closePromises.append(promise) }
            run(isAbandoned ? state.cut() : state.closeAsked(now: now))
        }
        settle()
    }

    /// The next close is sudden: the peer is told nothing, and what is pending is thrown away.
    public func abandon() { isAbandoned = true }

    // MARK: The fast lane

    /// The fast lane: encrypts `plaintext` now, behind all that was written before.
    /// - Returns: Its records, which whoever calls has to send at once, or with ``writeSealed(_:promise:)`` while
    ///   ``pendingBytes`` is not 0. They stay where they are until the next session of this thread does something. Nil
    ///   while there is no session, or no more.
    public func seal(_ plaintext: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard state.canEncrypt else { return nil }
        if !queue.isEmpty {
            // Given to the channel, and not flushed: no call-out comes between the caller's bytes and their record.
            queue.mark()
            encryptQueue()
        }
        switch session.encrypt(plaintext) {
        case .failed(let problem):
            failSoon(problem)
            return nil
        case .done, .wantsMore, .closed: return session.output
        }
    }

    /// Sends what ``seal(_:)`` gave, or its rest, through the channel.
    public func writeSealed(_ records: ByteBuffer, promise: EventLoopPromise<Void>?) {
        guard let context else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        send(records, promises: promise.map { [$0] } ?? [])
        context.flush()
    }

    private func failSoon(_ problem: TLSProblem) {
        context?.eventLoop.assumeIsolated().execute { [self] in fail(problem, hasLastWords: false) }
    }

    // MARK: Records

    /// Encrypts what may go, and sends it.
    func releaseQueue() {
        if encryptQueue() { context?.flush() }
    }

    /// - Returns: Whether the channel has been given something.
    @discardableResult
    private func encryptQueue() -> Bool {
        var hasWritten = false
        while state.canEncrypt, let batch = queue.next() {
            switch batch.bytes.withUnsafeReadableBytes({ session.encrypt($0) }) {
            case .failed(let problem):
                for promise in batch.promises { promise.fail(problem) }
                failSoon(problem)
                return hasWritten
            case .done, .wantsMore, .closed: send(ByteBuffer(bytes: session.output), promises: batch.promises)
            }
            hasWritten = true
        }
        return hasWritten
    }

    /// Gives the channel what the session's last step has for the peer.
    /// - Returns: Whether there was something.
    func writeOutput() -> Bool {
        let output = session.output
        guard !output.isEmpty else { return false }
        send(ByteBuffer(bytes: output))
        return true
    }

    /// Gives `records` to the channel, and counts them until they have left.
    func send(_ records: ByteBuffer, promises: [EventLoopPromise<Void>] = []) {
        guard let context else {
            for promise in promises { promise.fail(ChannelError.ioOnClosedChannel) }
            return
        }
        let count = records.readableBytes
        pendingBytes += count
        let left = context.eventLoop.makePromise(of: Void.self)
        left.futureResult.assumeIsolated().whenComplete { [self] result in
            pendingBytes -= count
            for promise in promises { promise.completeWith(result) }
            // A write that failed has closed the channel, which tells of it by itself.
            if case .success = result { settle() }
        }
        context.write(wrapOutboundOut(records), promise: left)
    }

    /// What was written and not flushed goes nowhere.
    func sayGoodbye(_ context: ChannelHandlerContext) {
        for promise in queue.drain() { promise.fail(ChannelError.outputClosed) }
        session.sayGoodbye()
        if writeOutput() { context.flush() }
        settle()
    }
}
