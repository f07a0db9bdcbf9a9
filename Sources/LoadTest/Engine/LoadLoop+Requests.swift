// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Typewriter

extension LoadLoop {
    /// Begins a request: on an idle connection, else on a new one.
    mutating func begin(_ order: StartOrder) {
        running += 1
        gauge.figures.begun += 1
        guard let place = places.take(target: order.target) ?? reclaim(for: order.target) else {
            return beginNowhere(order)
        }
        reserve(place)
        let connection = places.connections + place
        let isIdle = connection.pointee.phase == .idle
        connection.pointee.target = Int32(order.target)
        connection.pointee.hasStream = true
        connection.pointee.isTold = false
        connection.pointee.mayBeStale = isIdle
        connection.pointee.written = 0
        prepare(place, order)
        connection.pointee.available = max(places.streams[place].planned, freed)
        if isIdle { send(place) } else { connect(place) }
        if start == nil, !order.isWarmUp { start = .read() }
    }

    private mutating func prepare(_ place: Int, _ order: StartOrder) {
        var state = StreamState()
        state.order = order
        state.planned = origin + order.planned
        places.streams[place] = state
        places.responses[place] = ResponseState()
        lanes[order.target].recorder.began(&places.streams[place], place: place)
    }

    /// There is no descriptor for it.
    private mutating func beginNowhere(_ order: StartOrder) {
        let place = places.nowhere
        reserve(place)
        prepare(place, order)
        places.connections[place].target = Int32(order.target)
        close(place, as: .exhausted, status: 0, at: now)
    }

    /// Makes room by closing a connection that waits for another target's requests.
    private mutating func reclaim(for target: Int) -> Int? {
        for other in plan.targets.indices where other != target {
            guard let place = places.takeIdle(target: other) else { continue }
            closeSocket(place)
            return place
        }
        return nil
    }

    private mutating func reserve(_ place: Int) {
        guard place >= reserved else { return }
        reserved = max(place + 1, min(2 * reserved, places.capacity + 1))
        for target in plan.targets.indices { lanes[target].recorder.reserve(reserved) }
    }

    /// Writes the request, or as much of it as the kernel takes now.
    mutating func send(_ place: Int) {
        let connection = places.connections + place
        let target = Int(connection.pointee.target)
        let isFirst = connection.pointee.written == 0
        let count = lanes[target].request.withUnsafeBytes { request in
            while connection.pointee.written < request.count {
                let rest = UnsafeRawBufferPointer(rebasing: request[connection.pointee.written...])
                let count = connection.pointee.socket.send(rest)
                guard count > 0 else { return count }
                connection.pointee.written += count
            }
            return 1
        }
        now = KernelClock.now()
        // What follows a first write is the server's time, which takes the rest when it likes.
        if isFirst, start != nil, !places.streams[place].order.isWarmUp {
            trust.sendLag.record(now - connection.pointee.available)
        }
        guard count > 0 else {
            connection.pointee.phase = .sending
            connection.pointee.lastHeard = now
            if count != -Int(EAGAIN) { fail(place, SystemError(code: CInt(-count))) }
            return
        }
        noteSent(place)
    }

    private mutating func noteSent(_ place: Int) {
        let connection = places.connections + place
        let stream = places.streams + place
        connection.pointee.phase = .receiving
        connection.pointee.lastHeard = now
        stream.pointee.sent = now
        if connection.pointee.isFresh {
            connection.pointee.isFresh = false
            stream.pointee.connectBegan = connection.pointee.began
            stream.pointee.connected = connection.pointee.connected
        }
    }

    /// The server answers before it has the whole request: no good news, and the rest is not wanted.
    mutating func giveUpSending(_ place: Int, mayEnd: Bool) {
        now = KernelClock.now()
        noteSent(place)
        receive(place, mayEnd: mayEnd)
    }

    /// Tells the recorder that the request was sent: not before it is certain that it need not be sent again.
    mutating func tellSent(_ place: Int) {
        guard !places.connections[place].isTold, places.streams[place].sent != 0 else { return }
        places.connections[place].isTold = true
        let target = Int(places.connections[place].target)
        lanes[target].recorder.sent(&places.streams[place], place: place)
    }

    // MARK: Ends

    /// Ends the stream of a place, and puts its connection away.
    mutating func end(
        _ place: Int,
        as end: StreamEnd,
        status: Int = 0,
        isReusable: Bool = false,
        at time: Nanoseconds
    ) {
        let connection = places.connections + place
        let wasSent = places.streams[place].sent != 0
        let isWhole = connection.pointee.written == lanes[Int(connection.pointee.target)].request.count
        tellSent(place)
        connection.pointee.hasStream = false
        if isReusable, isWhole, plan.keepsConnections, !connection.pointee.hasEnded {
            places.rest(place)
        } else {
            discard(place)
        }
        close(place, as: end, status: status, at: time, mayGoOn: wasSent)
    }

    /// - Parameter mayGoOn: Whoever asked may ask again at once: they were at least listened to.
    private mutating func close(
        _ place: Int,
        as end: StreamEnd,
        status: Int,
        at time: Nanoseconds,
        mayGoOn: Bool = false
    ) {
        let target = Int(places.connections[place].target)
        places.streams[place].tokens = places.responses[place].tokens
        lanes[target].recorder.ended(&places.streams[place], place: place, as: end, status: status, at: time)
        // What was kept of an event may be long.
        places.responses[place] = ResponseState()
        gauge.noteEnd(end)
        if let most = driver.mostAtOnce, running >= most { freed = now }
        running -= 1
        if mayGoOn {
            driver.ended(target: target, at: now - origin)
        } else {
            pauses.add(target: target, at: now)
        }
        // Whatever waited for a place may begin.
        due = now
    }

    /// Ends all that runs: the time is up, or somebody has interrupted.
    mutating func cutAll() {
        now = KernelClock.now()
        for place in 0..<places.used where places.connections[place].hasStream { end(place, as: .cut, at: now) }
        isOver = true
    }

    /// Ends streams from which nothing has come for too long, and connections that nobody has taken.
    mutating func endSilent() {
        for place in 0..<places.used {
            let connection = places.connections + place
            switch connection.pointee.phase {
            case .connecting:
                if now - connection.pointee.began > Self.connectTimeOut { fail(place, SystemError(code: ETIMEDOUT)) }
            case .sending, .receiving: endSilent(place, lastHeard: connection.pointee.lastHeard)
            case .closed, .idle: break
            }
        }
    }

    private mutating func endSilent(_ place: Int, lastHeard: Nanoseconds) {
        guard now - lastHeard > min(Self.bodyEndTime, plan.idleTimeOut) else { return }
        let reader = lanes[Int(places.connections[place].target)].reader
        if now - lastHeard > Self.bodyEndTime, let verdict = reader.verdict(ofTold: places.responses[place]) {
            places.streams[place].lacksBodyEnd = places.responses[place].lacksBodyEnd
            end(place, as: verdict, at: lastHeard)
        } else if now - lastHeard > plan.idleTimeOut {
            end(place, as: .timeOut, at: now)
        }
    }
}
