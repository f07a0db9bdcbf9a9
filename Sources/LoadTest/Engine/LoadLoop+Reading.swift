// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Typewriter

extension LoadLoop {
    /// Most full reads of one socket before the others have their turn.
    private static let readsInARow = 16

    /// Reads what has come on a socket.
    ///
    /// - Parameter mayEnd: The end of the stream, or an error, may come after the bytes: a short read is not yet all.
    @inline(__always)
    mutating func receive(_ place: Int, mayEnd: Bool) {
        for _ in 0..<Self.readsInARow {
            var stamp: Nanoseconds = 0
            let count = places.connections[place].socket.receive(into: buffer, stamp: &stamp)
            now = KernelClock.now()
            guard count > 0 else { return receivedNothing(place, code: count) }
            let isRunning = take(count, arrivedAt: stamp, place, mayEnd: mayEnd)
            // Less than there was room for: that was all. What comes from now on makes another edge.
            if !isRunning || (count < buffer.count && !mayEnd) { return }
        }
        unfinished.append(Self.token(place, generation: places.connections[place].generation))
    }

    /// Goes on with the sockets that held more than their turn allowed.
    mutating func readUnfinished() {
        guard !unfinished.isEmpty else { return }
        let tokens = unfinished
        unfinished.removeAll(keepingCapacity: true)
        for token in tokens {
            let place = Int(token & 0xFFFF_FFFF)
            let connection = places.connections + place
            guard connection.pointee.generation == UInt32(token >> 32) else { continue }
            if connection.pointee.phase == .receiving { receive(place, mayEnd: true) }
        }
    }

    /// The hot path: hands the bytes of one read to the target's reader, and what it sees in them to the recorder.
    ///
    /// - Returns: Whether the stream goes on.
    @inline(__always)
    private mutating func take(
        _ count: Int,
        arrivedAt stamp: Nanoseconds,
        _ place: Int,
        mayEnd: Bool
    ) -> Bool {
        let connection = places.connections + place
        let stream = places.streams + place
        let time = arrival(stamp, connection)
        let isFirst = stream.pointee.firstByte == 0
        if isFirst {
            stream.pointee.firstByte = time
            tellSent(place)
        }
        let lane = lanes + Int(connection.pointee.target)
        let recorder = lane.pointee.recorder
        let lastContent = stream.pointee.lastContent
        var contents = 0
        let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: count)
        let progress = lane.pointee.reader.read(bytes, &places.responses[place]) { kind in
            if kind.isContent { contents += 1 }
            recorder.event(kind, &stream.pointee, place: place, at: time)
        }
        recorder.read(bytes: count, contents: contents, place: place)
        if contents > 0 { note(contents, delay: now - time, stream, after: lastContent) }
        if stream.pointee.contents < 2 { learnCadence(lane) }
        guard case .ended(let end, let status, let isReusable) = progress else { return true }
        self.end(place, as: end, status: status, isReusable: isReusable && !mayEnd, at: time)
        return false
    }

    /// When the bytes arrived: never before the request was sent, nor before what came earlier, nor after now.
    @inline(__always)
    private mutating func arrival(
        _ stamp: Nanoseconds,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> Nanoseconds {
        var time = now
        if stamp != 0 {
            stampedReads += 1
            time = max(min(now, clock.time(ofStamp: stamp)), connection.pointee.lastHeard)
        } else {
            unstampedReads += 1
        }
        connection.pointee.lastHeard = time
        return time
    }

    @inline(__always)
    private mutating func note(
        _ contents: Int,
        delay: Nanoseconds,
        _ stream: UnsafeMutablePointer<StreamState>,
        after last: Nanoseconds
    ) {
        gauge.noteContents(contents, stream, after: last)
        guard start != nil else { return }
        trust.kernelToUser.record(delay)
        trust.contents += contents
        if contents > 1 { trust.sharedContents += contents }
    }

    private func learnCadence(_ lane: UnsafeMutablePointer<TargetLane>) {
        guard lane.pointee.recorder.cadence == nil, let promised = lane.pointee.reader.promised else { return }
        lane.pointee.recorder.cadence = promised
    }

    /// The server has closed the connection, or it has failed, or there was nothing after all.
    private mutating func receivedNothing(_ place: Int, code: Int) {
        let connection = places.connections + place
        guard code == 0 else {
            if code != -Int(EAGAIN) { fail(place, SystemError(code: CInt(-code))) }
            return
        }
        connection.pointee.hasEnded = true
        if isStale(place) { return connectAgain(place) }
        let stream = places.streams + place
        let time = now
        let lane = lanes + Int(connection.pointee.target)
        let recorder = lane.pointee.recorder
        let progress = lane.pointee.reader.closed(&places.responses[place]) { kind in
            recorder.event(kind, &stream.pointee, place: place, at: time)
        }
        stream.pointee.lacksBodyEnd = places.responses[place].lacksBodyEnd
        guard case .ended(let end, let status, _) = progress else { return self.end(place, as: .truncated, at: now) }
        self.end(place, as: end, status: status, at: now)
    }
}
