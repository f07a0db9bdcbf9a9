// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP2
internal import Typewriter

extension ChannelLoop {
    /// Begins a request: on a connection with room, else on a new one.
    func begin(_ order: StartOrder) {
        running += 1
        gauge.figures.begun += 1
        if start == nil, !order.isWarmUp { start = .read() }
        let stream = makeStream(order)
        if let connection = takeConnection(order.target) {
            stream.mayBeStale = connection.phase == .open && !connection.isFresh
            put(stream, on: connection)
        } else {
            close(stream, as: .exhausted, status: 0, at: now)
        }
    }

    private func makeStream(_ order: StartOrder) -> ChannelStream {
        let place = vacant.popLast() ?? streams.count
        if place == streams.count { streams.append(nil) }
        if place >= reserved {
            reserved = 2 * place
            for lane in lanes { lane.lane.recorder.reserve(reserved) }
        }
        let stream = ChannelStream(place: place, target: order.target)
        streams[place] = stream
        stream.state.order = order
        stream.state.planned = origin + order.planned
        stream.available = max(stream.state.planned, freed)
        lanes[order.target].lane.recorder.began(&stream.state, place: place)
        return stream
    }

    /// A connection on which a place is taken; nil: there is none, nor a descriptor for another.
    private func takeConnection(_ target: Int) -> ChannelConnection? {
        if let id = pools[target].take(), let connection = connections[id] { return connection }
        guard connections.count < capacity || makeRoom() else { return nil }
        let made = connect(target)
        // It may have failed at once.
        return pools[target].take().flatMap { connections[$0] } ?? made
    }

    /// Closes a connection that is of no use now: its server allows no stream on it, and none runs there.
    private func makeRoom() -> Bool {
        let useless = connections.values.first {
            $0.phase == .open && $0.allowsNoStream && $0.wire?.streams.isEmpty ?? false
        }
        guard let useless else { return false }
        drop(useless)
        return true
    }

    private func put(_ stream: ChannelStream, on connection: ChannelConnection) {
        stream.connection = connection
        switch connection.phase {
        case .open: send(stream, on: connection)
        case .opening: connection.waiting.append(stream)
        case .closed: end(stream, as: connection.refusal ?? .refused, at: now)
        }
    }

    /// Takes the request to another connection: its own had ended, or had no room, before the server looked at it.
    func sendElsewhere(_ stream: ChannelStream) {
        stream.mayBeStale = false
        stream.state.sent = 0
        if let connection = stream.connection {
            stream.connection = nil
            letGo(connection, stream, isReusable: false)
        }
        stream.id = nil
        guard let connection = takeConnection(stream.target) else {
            return end(stream, as: .exhausted, at: now)
        }
        put(stream, on: connection)
    }

    /// Writes the request. What the system does not take at once, of a long one, counts as taken.
    func send(_ stream: ChannelStream, on connection: ChannelConnection) {
        let lane = lanes[stream.target]
        if connection.isFresh {
            connection.isFresh = false
            stream.state.connectBegan = connection.began
            stream.state.connected = connection.connected
        }
        if stream.available < connection.connected { stream.available = connection.connected }
        if let wire = connection.wire {
            wire.send(lane.http2Request, stream)
        } else {
            connection.current = stream
            connection.channel?.writeAndFlush(lane.request, promise: nil)
        }
        now = KernelClock.now()
        // The write itself may have told that the connection is no more.
        guard stream.connection === connection else { return }
        if start != nil, !stream.state.order.isWarmUp { trust.sendLag.record(now - stream.available) }
        stream.state.sent = now
        stream.lastHeard = now
    }

    private func tellSent(_ stream: ChannelStream) {
        guard !stream.isTold, stream.state.sent != 0 else { return }
        stream.isTold = true
        lanes[stream.target].lane.recorder.sent(&stream.state, place: stream.place)
    }

    // MARK: Reading

    /// Hands the bytes of an answer to the target's reader, and what it sees in them to the recorder.
    ///
    /// - Returns: Whether the stream goes on.
    func take(_ bytes: UnsafeRawBufferPointer, _ stream: ChannelStream, at readAt: Nanoseconds) -> Bool {
        guard stream.connection != nil else { return false }
        let time = max(readAt, stream.lastHeard)
        stream.lastHeard = time
        if stream.state.firstByte == 0 {
            stream.state.firstByte = time
            tellSent(stream)
        }
        if stream.batch.time != time { settleBatch(stream, at: time) }
        let lane = lanes[stream.target].lane
        var contents = 0
        let progress = lane.reader.read(bytes, &stream.response) { kind in
            if kind.isContent { contents += 1 }
            lane.recorder.event(kind, &stream.state, place: stream.place, at: time)
        }
        stream.batch.bytes += bytes.count
        stream.batch.contents += contents
        if stream.state.contents < 2, lane.recorder.cadence == nil { lane.recorder.cadence = lane.reader.promised }
        guard case .ended(let end, let status, let isReusable) = progress else { return true }
        self.end(stream, as: end, status: status, isReusable: isReusable, at: time)
        return false
    }

    /// One read is over: what it brought shares one time.
    private func settleBatch(_ stream: ChannelStream, at time: Nanoseconds) {
        let batch = stream.batch
        stream.batch = ChannelStream.Batch(time: time, lastContent: stream.state.lastContent)
        guard batch.bytes > 0 else { return }
        lanes[stream.target].lane.recorder.read(bytes: batch.bytes, contents: batch.contents, place: stream.place)
        guard batch.contents > 0 else { return }
        withUnsafeMutablePointer(to: &stream.state) {
            gauge.noteContents(batch.contents, $0, after: batch.lastContent)
        }
        guard start != nil else { return }
        trust.contents += batch.contents
        if batch.contents > 1 { trust.sharedContents += batch.contents }
    }

    // MARK: Ends

    /// The server has closed the answer, or the connection below it.
    /// - Parameter isCut: TLS below it ended without close_notify.
    func closed(_ stream: ChannelStream, isCut: Bool = false) {
        let lane = lanes[stream.target].lane
        let progress = lane.reader.closed(&stream.response, isCut: isCut) { kind in
            lane.recorder.event(kind, &stream.state, place: stream.place, at: now)
        }
        stream.state.lacksBodyEnd = stream.response.lacksBodyEnd
        guard case .ended(let end, let status, _) = progress else { return self.end(stream, as: .truncated, at: now) }
        self.end(stream, as: end, status: status, at: now)
    }

    /// The server has reset a stream of HTTP/2. One that it refuses it has not looked at (RFC 9113, section 8.7).
    func wasReset(_ stream: ChannelStream, code: HTTP2ErrorCode) {
        now = KernelClock.now()
        if code == .refusedStream, stream.state.firstByte == 0, !stream.isResent {
            stream.isResent = true
            return sendElsewhere(stream)
        }
        // What over HTTP/1.1 is a body without its end: RST_STREAM is all that HTTP/2 has for it.
        if code == .internalError || code == .noError { return closed(stream) }
        end(stream, as: .reset, at: now)
    }

    /// The server has said of a stream of HTTP/2 what it may not say.
    func brokeRules(_ stream: ChannelStream) {
        now = KernelClock.now()
        end(stream, as: .notAStream, at: now)
    }

    /// Ends a stream, and lets go of its connection.
    func end(
        _ stream: ChannelStream,
        as end: StreamEnd,
        status: Int = 0,
        isReusable: Bool = false,
        at time: Nanoseconds
    ) {
        guard streams[stream.place] === stream else { return }
        let wasSent = stream.state.sent != 0
        tellSent(stream)
        settleBatch(stream, at: time)
        if let connection = stream.connection {
            stream.connection = nil
            letGo(connection, stream, isReusable: isReusable)
        }
        close(stream, as: end, status: status, at: time, mayGoOn: wasSent)
    }

    private func letGo(_ connection: ChannelConnection, _ stream: ChannelStream, isReusable: Bool) {
        guard connection.phase != .closed else { return }
        pools[connection.target].giveBack(connection.id)
        connection.waiting.removeAll { $0 === stream }
        if let wire = connection.wire {
            wire.abandon(stream)
            if !plan.keepsConnections || connection.isLeaving && wire.streams.isEmpty { drop(connection) }
        } else if connection.current === stream {
            connection.current = nil
            let isWhole = connection.channel?.isWritable ?? false
            if !isReusable || !plan.keepsConnections || !isWhole { drop(connection) }
        }
    }

    /// - Parameter mayGoOn: Whoever asked may ask again at once: they were at least listened to.
    private func close(
        _ stream: ChannelStream,
        as end: StreamEnd,
        status: Int,
        at time: Nanoseconds,
        mayGoOn: Bool = false
    ) {
        streams[stream.place] = nil
        vacant.append(stream.place)
        stream.state.tokens = stream.response.tokens
        let recorder = lanes[stream.target].lane.recorder
        recorder.ended(&stream.state, place: stream.place, as: end, status: status, at: time)
        gauge.noteEnd(end)
        if let most = driver.mostAtOnce, running >= most { freed = now }
        running -= 1
        if mayGoOn {
            driver.ended(target: stream.target, at: now - origin)
        } else {
            pauses.add(target: stream.target, at: now)
        }
        hurry()
    }

    /// Ends streams from which nothing has come for too long, and connections that do not come about.
    func endSilent() {
        for connection in connections.values where connection.phase == .opening {
            let isHeard = connection.allowsNoStream
            let most = isHeard ? min(LoadLoop.connectTimeOut, plan.idleTimeOut) : LoadLoop.connectTimeOut
            guard now - connection.began > most else { continue }
            if !isHeard { connection.refusal = connection.refusal ?? .connectTimeOut }
            lost(connection)
        }
        for case let stream? in streams where stream.state.sent != 0 {
            let silence = now - stream.lastHeard
            let reader = lanes[stream.target].lane.reader
            if silence > LoadLoop.bodyEndTime, let verdict = reader.verdict(ofTold: stream.response) {
                stream.state.lacksBodyEnd = stream.response.lacksBodyEnd
                end(stream, as: verdict, at: stream.lastHeard)
            } else if silence > plan.idleTimeOut {
                end(stream, as: .timeOut, at: now)
            }
        }
    }
}
