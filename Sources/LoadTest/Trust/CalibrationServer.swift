// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Typewriter

/// A server that streams by a known schedule, as exactly as one core can: what a client measures of it beyond the schedule
/// is the client's error, and the server's lateness, which it tells. For a process of its own, and confined to a thread.
public final class CalibrationServer {
    /// One connection, at the place of its descriptor's number.
    private struct Client {
        /// 0: no connection.
        var generation: UInt32 = 0
        var contentsLeft: Int32 = 0
        var gap: Nanoseconds = 0
        /// How much of the empty line that ends a request's head has come.
        var headEnd = HeadEnd()
        /// Of a head that came in pieces.
        var head: [UInt8] = []
    }

    private static let sendFlags = CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT)
    private static let longestHead = 8192
    private static let listenToken: UInt64 = 1 << 62
    private static let inputToken: UInt64 = 1 << 61

    /// On 127.0.0.1.
    public let port: UInt16
    private let listener: CInt
    private var poll: EventPoll
    /// Never signalled: the poll wants one.
    private let wakeUp = LoopSignals()
    private let answer = CalibrationAnswer()
    private var clients: [Client] = []
    private var generations: UInt32 = 0
    private var lanes = DelayLanes()
    private var lateness = Distribution()
    private var buffer = [UInt8](repeating: 0, count: 16_384)

    /// Listens. Errors: no descriptor, or no port.
    public init() throws(LoadFailure) {
        _ = DescriptorBudget.raise()
        guard let socket = ListeningSocket() else {
            throw LoadFailure(
                description: "the calibration's server cannot listen: \(String(cString: strerror(errno)))"
            )
        }
        let poll = try EventPoll(wakeUp: wakeUp.wakeUp)
        poll.watch(socket.descriptor, token: Self.listenToken)
        (listener, port) = (socket.descriptor, socket.port)
        self.poll = poll
    }

    deinit {
        for place in clients.indices where clients[place].generation != 0 { close(CInt(place)) }
        close(listener)
    }

    /// Serves until the standard input is closed. Returns how late events were written, against their schedule.
    public func serve() -> String {
        guard poll.watch(STDIN_FILENO, token: Self.inputToken) else { return Self.summary(of: lateness) }
        while true {
            if let due = lanes.nextDue { poll.arm(at: due) }
            for event in poll.wait(milliseconds: -1) {
                switch event.data.u64 {
                case Self.inputToken: if inputEnds() { return Self.summary(of: lateness) }
                case Self.listenToken: accept()
                case EventPoll.wakeToken: break
                default: read(Int(event.data.u64 & 0xFFFF_FFFF), generation: UInt32(event.data.u64 >> 32))
                }
            }
            write()
        }
    }

    /// What a server of a calibration says at its end.
    static func summary(of lateness: Distribution) -> String {
        func told(_ q: Double) -> String { PlanText.milliseconds(lateness.percentile(q) ?? 0) }
        return "\(lateness.count) events, late by \(told(0.5)) ms at p50, \(told(0.99)) ms at p99, "
            + "\(PlanText.milliseconds(lateness.maximum ?? 0)) ms at most"
    }

    private func inputEnds() -> Bool {
        var byte: UInt8 = 0
        return Glibc.read(STDIN_FILENO, &byte, 1) <= 0
    }

    private func accept() {
        while case let descriptor = Glibc.accept(listener, nil, nil), descriptor >= 0 {
            var one: CInt = 1
            setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
            let place = Int(descriptor)
            while clients.count <= place { clients.append(Client()) }
            generations = generations == .max ? 1 : generations + 1
            clients[place] = Client(generation: generations)
            poll.watch(descriptor, token: UInt64(generations) << 32 | UInt64(place))
        }
    }

    /// Reads what has come, and begins the answer to each request whose head has ended. What follows a head is its body, and
    /// says nothing.
    private func read(_ place: Int, generation: UInt32) {
        while clients[place].generation == generation {
            let count = recv(CInt(place), &buffer, buffer.count, CInt(MSG_DONTWAIT))
            guard count > 0 else {
                if count == 0 || errno != EAGAIN { drop(place) }
                return
            }
            guard !clients[place].headEnd.isComplete else { continue }
            let now = KernelClock.now()
            let end = buffer[..<count].firstIndex { clients[place].headEnd.take($0) }
            clients[place].head += buffer[..<(end ?? count)]
            if end != nil {
                let schedule = CalibrationSchedule(head: clients[place].head)
                clients[place].head = []
                begin(place, schedule, at: now)
            } else if clients[place].head.count > Self.longestHead {
                drop(place)
            }
        }
    }

    private func begin(_ place: Int, _ schedule: CalibrationSchedule, at now: Nanoseconds) {
        clients[place].contentsLeft = Int32(clamping: schedule.count)
        clients[place].gap = schedule.gap
        guard send(answer.start, to: place) else { return drop(place) }
        add(place, base: now, delay: schedule.firstToken)
    }

    private func add(_ place: Int, base: Nanoseconds, delay: Nanoseconds) {
        guard lanes.add(Int32(place), generation: clients[place].generation, base: base, delay: delay) else {
            return drop(place)
        }
    }

    /// Writes what is due: the next due time is counted from this one, not from the write.
    private func write() {
        while case let now = KernelClock.now(), let entry = lanes.popDue(at: now) {
            let place = Int(entry.place)
            guard clients[place].generation == entry.generation else { continue }
            guard send(answer.content, to: place) else {
                drop(place)
                continue
            }
            lateness.record(now - entry.due)
            clients[place].contentsLeft -= 1
            if clients[place].contentsLeft > 0 {
                add(place, base: entry.due, delay: clients[place].gap)
            } else {
                clients[place].headEnd = HeadEnd()
                if !send(answer.end, to: place) { drop(place) }
            }
        }
    }

    /// All or nothing: a client that does not read is no client to calibrate.
    private func send(_ bytes: [UInt8], to place: Int) -> Bool {
        Glibc.send(CInt(place), bytes, bytes.count, Self.sendFlags) == bytes.count
    }

    private func drop(_ place: Int) {
        guard clients[place].generation != 0 else { return }
        close(CInt(place))
        clients[place] = Client()
    }
}
