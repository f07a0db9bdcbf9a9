// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import Journal
internal import Metrics
internal import MockModel
internal import NIOCore
internal import Typewriter
internal import WireFormats

extension GatewayLoop {
    /// Goes on where a reader stopped.
    /// - Parameter only: The stream that the path names; the cursor has to be of that one.
    func resume(
        _ cursor: PlainStreamCursor,
        only: Substring?,
        isHead: Bool,
        _ reply: Reply
    ) throws(RequestProblem) {
        guard case .after(let id, let offset) = cursor else {
            pacer.metrics.resumed(.ended)
            return reply.sendNothing()
        }
        if let only, StreamID(only) != id {
            pacer.metrics.resumed(.invalid)
            throw RequestProblem(
                code: "other_stream",
                message: "The last event id is of another stream than the path.",
                parameter: Cursor.parameter
            )
        }
        read(id, offset: offset, isHead: isHead, reply)
    }

    /// Reads a stream, wherever it lives.
    /// - Parameter offset: Where to go on; nil reads it from the start.
    func read(_ id: StreamID, offset: Int?, isHead: Bool, _ reply: Reply) {
        guard let home = services.journal.home(of: id) else {
            if offset != nil { pacer.metrics.resumed(.gone) }
            return reply.refuse(Self.gone(offset))
        }
        guard home != number else { return readHere(id, offset: offset, isHead: isHead, reply) }
        let bound = NIOLoopBound(reply, eventLoop: eventLoop)
        let number = number
        services.execute(on: home) { $0.lend(id, offset: offset, isHead: isHead, bound, to: number) }
    }

    /// Makes a copy of a stream of this loop for a reader of loop `number`.
    private func lend(_ id: StreamID, offset: Int?, isHead: Bool, _ bound: NIOLoopBound<Reply>, to number: Int) {
        do throws(RequestProblem) {
            guard let generation = try readable(id, offset: offset, now: Pacer.now()) else {
                return later { $0.lend(id, offset: offset, isHead: isHead, bound, to: number) }
            }
            guard !isHead else { return services.execute(on: number) { _ in bound.value.streamHead() } }
            let replica = services.newReplicaID()
            let snapshot = generation.stream.snapshot()
            let home = self.number
            generation.add(replica, on: number)
            services.execute(on: number) { loop in
                let stream = loop.addReplica(replica, snapshot, home: home)
                loop.open(stream, at: offset ?? 0, isResumed: offset != nil, bound.value, now: Pacer.now())
            }
        } catch {
            countRefusal(error, ofResume: offset != nil)
            services.execute(on: number) { _ in bound.value.refuse(error) }
        }
    }

    /// Goes on when the loop has looked after its sockets.
    private func later(_ body: @escaping (GatewayLoop) -> Void) {
        eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { body(self) }
    }

    private func readHere(_ id: StreamID, offset: Int?, isHead: Bool, _ reply: Reply) {
        do throws(RequestProblem) {
            let now = Pacer.now()
            guard let generation = try readable(id, offset: offset, now: now) else {
                return later { $0.readHere(id, offset: offset, isHead: isHead, reply) }
            }
            guard !isHead else { return reply.streamHead() }
            reply.report.call = generation.call
            open(generation.stream, at: offset ?? 0, isResumed: offset != nil, reply, now: now)
        } catch {
            countRefusal(error, ofResume: offset != nil)
            reply.refuse(error)
        }
    }

    private func countRefusal(_ problem: RequestProblem, ofResume isResume: Bool) {
        if isResume { pacer.metrics.resumed(problem.status == 410 ? .gone : .invalid) }
    }

    /// Where a client wants to go on; nil where it does not say.
    func cursor(of request: ServerRequest) throws(RequestProblem) -> PlainStreamCursor? {
        do throws(RequestProblem) {
            return try Cursor.find(in: request)
        } catch {
            pacer.metrics.resumed(.invalid)
            throw error
        }
    }

    /// Connects a reader to a stream of this loop.
    func open(_ stream: Stream, at offset: Int, isResumed: Bool, _ reply: Reply, now: Nanoseconds) {
        let outlet = reply.stream(stream.spec.id, plan: isResumed ? FaultPlan() : stream.spec.plan)
        let limits = services.configuration.streams
        reply.report.read(stream.spec)
        let reader = Reader(
            outlet: outlet,
            stream: stream,
            offset: offset,
            isResumed: isResumed,
            limits: limits,
            report: reply.report
        )
        if isResumed { pacer.metrics.resumed(.resumed, replayed: max(0, stream.typewriter.position - offset)) }
        stream.add(reader, now: now)
    }

    /// The generation that lives here, brought up to now, if it can be read from `offset`; nil where it is not that far
    /// yet, and is to be asked again.
    private func readable(
        _ id: StreamID,
        offset: Int?,
        now: Nanoseconds
    ) throws(RequestProblem) -> Generation? {
        guard let generation = generation(id) else { throw Self.gone(offset) }
        let stream = generation.stream
        guard stream.catchUp(to: offset ?? 0, now: now) else { return nil }
        switch stream.log.place(of: offset ?? 0) {
        case .said where offset ?? 0 <= stream.saidEnd: return generation
        case .said, .beyond: throw Self.badOffset("is beyond what has been said")
        case .insideScalar: throw Self.badOffset("lies inside the bytes of a character")
        case .trimmed:
            pacer.metrics.gapTold()
            throw RequestProblem(
                status: 410,
                code: "trimmed",
                message: "That part of the stream is no longer kept; what is kept begins at \(stream.log.base)."
            )
        }
    }

    private static func gone(_ offset: Int?) -> RequestProblem {
        guard offset != nil else { return unknownStream }
        return RequestProblem(status: 410, code: "stream_gone", message: unknownStream.message)
    }

    private static func badOffset(_ what: String) -> RequestProblem {
        RequestProblem(
            code: "invalid_last_event_id",
            message: "The offset of the last event id \(what).",
            parameter: Cursor.parameter
        )
    }
}
