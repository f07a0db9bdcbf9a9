// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Typewriter

extension LoadLoop {
    /// How long a server has to take a connection.
    static let connectTimeOut = 10 * Nanoseconds.second
    /// Of connections made before the run: so many at once, and 20,000 a second, so that no server's queue overflows.
    private static let mostConnectingAhead = 200
    private static let connectGap: Nanoseconds = 50_000
    /// At once, so that those that stand are seen soon: until then their time runs.
    private static let connectsPerTurn = 10
    /// So many fail, and the rest is left to the requests, which will tell why.
    private static let mostFailedAhead = 10

    /// Connects all that the plan will want at once, so that the run does not begin with a storm of connections.
    mutating func connectAhead() {
        let wanted = connectionsAhead
        now = KernelClock.now()
        let first = now
        var begun = 0
        while begun < wanted || connectingAhead > 0 {
            guard !signals.isInterrupted, failedAhead < Self.mostFailedAhead, now - first < Self.connectTimeOut else {
                return giveUpConnecting()
            }
            let due = Int((now - first) / Self.connectGap) + 1 - begun
            let room = min(due, Self.connectsPerTurn, Self.mostConnectingAhead - connectingAhead, wanted - begun)
            for _ in 0..<max(0, room) {
                let target = begun % plan.targets.count
                begun += 1
                guard let place = places.takeVacant() else { return }
                places.connections[place].target = Int32(target)
                connectingAhead += 1
                connect(place)
            }
            handleEvents(milliseconds: 1)
        }
    }

    /// The requests need the places of those that are still on their way, and will tell what is wrong.
    private mutating func giveUpConnecting() {
        for place in 0..<places.used where places.connections[place].phase == .connecting {
            connectingAhead -= 1
            discard(place)
        }
    }

    private var connectionsAhead: Int {
        guard var wanted = driver.mostAtOnce else { return 0 }
        if let requests = plan.requests {
            var all = requests
            if case .requests(let warmUp) = plan.warmUp { all += warmUp }
            wanted = min(wanted, (all + plan.share.count - 1) / plan.share.count)
        }
        return min(wanted, places.capacity)
    }

    /// Begins to connect a place that has no connection.
    mutating func connect(_ place: Int) {
        let connection = places.connections + place
        let address = addresses[Int(connection.pointee.target)]
        connection.pointee.generation &+= 1
        connection.pointee.phase = .connecting
        connection.pointee.isFresh = true
        connection.pointee.hasEnded = false
        connection.pointee.written = 0
        connection.pointee.began = KernelClock.now()
        let source = sourceAddress(for: connection, to: address)
        do {
            connection.pointee.socket = try StreamSocket(connectingTo: address, from: source)
        } catch {
            connection.pointee.socket = .none
            return fail(place, error)
        }
        let token = Self.token(place, generation: connection.pointee.generation)
        if !poll.watch(connection.pointee.socket.descriptor, token: token) { fail(place, SystemError(code: errno)) }
    }

    private mutating func sourceAddress(
        for connection: UnsafeMutablePointer<Connection>,
        to address: SocketAddress
    ) -> SocketAddress? {
        guard address.isLoopback4 else { return nil }
        let index = sources.take()
        connection.pointee.source = Int32(index)
        // The first is where the system lets connections come from anyway.
        let last = sources.lastByte(of: index)
        return last == 1 ? nil : SocketAddress(loopback: last)
    }

    /// epoll has told of a connecting socket.
    mutating func settle(_ place: Int, _ flags: UInt32) {
        let connection = places.connections + place
        if flags & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
            let code = connection.pointee.socket.takeError()
            return fail(place, SystemError(code: code == 0 ? ECONNREFUSED : code))
        }
        guard flags & EPOLLOUT.rawValue != 0 else { return }
        now = KernelClock.now()
        connection.pointee.connected = now
        guard connection.pointee.hasStream else {
            connectingAhead -= 1
            return places.rest(place)
        }
        connection.pointee.available = now
        send(place)
        // It was closed as soon as it was open, and no other edge will tell.
        if flags & EPOLLRDHUP.rawValue != 0, connection.pointee.phase == .receiving { receive(place, mayEnd: true) }
    }

    /// A connection could not be made, or has failed.
    mutating func fail(_ place: Int, _ error: SystemError) {
        let connection = places.connections + place
        guard connection.pointee.hasStream else {
            connectingAhead -= 1
            failedAhead += 1
            return discard(place)
        }
        if isStale(place) { return connectAgain(place) }
        let isConnected = connection.pointee.phase == .sending || connection.pointee.phase == .receiving
        end(place, as: StreamEnd(error, isConnected: isConnected), at: now)
    }

    /// Whether the server has closed an idle connection just when a request was written to it.
    func isStale(_ place: Int) -> Bool {
        places.connections[place].mayBeStale && places.streams[place].firstByte == 0
    }

    /// Takes the request of a stale connection to a new one: once.
    mutating func connectAgain(_ place: Int) {
        closeSocket(place)
        places.connections[place].mayBeStale = false
        places.streams[place].sent = 0
        connect(place)
    }

    /// An idle connection says something: it has been closed, or nothing that it says can be trusted.
    mutating func dropIdle(_ place: Int) {
        places.leavePool(place)
        discard(place)
    }

    /// Closes the place's connection; the place is free.
    mutating func discard(_ place: Int) {
        closeSocket(place)
        places.vacate(place)
    }

    mutating func closeSocket(_ place: Int) {
        let connection = places.connections + place
        if connection.pointee.socket.descriptor >= 0 {
            connection.pointee.socket.close(abruptly: !connection.pointee.hasEnded)
            connection.pointee.socket = .none
        }
        if connection.pointee.source >= 0 {
            sources.giveBack(Int(connection.pointee.source))
            connection.pointee.source = -1
        }
        connection.pointee.phase = .closed
        connection.pointee.generation &+= 1
    }
}
