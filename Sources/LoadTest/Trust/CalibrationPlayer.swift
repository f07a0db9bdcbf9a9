// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import Typewriter

/// Plays the schedules that clients ask for, on an event loop, to which it is confined.
final class CalibrationPlayer {
    /// How late events were written.
    private(set) var lateness = Distribution()

    private let eventLoop: any EventLoop
    private let start: ByteBuffer
    private let content: ByteBuffer
    private let end: ByteBuffer
    /// Those that are answered, by number.
    private var clients: [Int32: CalibrationClient] = [:]
    private var lastNumber: Int32 = 0
    private var lanes = DelayLanes()
    private var timer: Scheduled<Void>?
    private var armed = Nanoseconds.max

    init(_ eventLoop: any EventLoop) {
        let answer = CalibrationAnswer()
        self.eventLoop = eventLoop
        (start, content) = (ByteBuffer(bytes: answer.start), ByteBuffer(bytes: answer.content))
        end = ByteBuffer(bytes: answer.end)
    }

    /// A request has come.
    func begin(_ client: CalibrationClient, _ schedule: CalibrationSchedule) {
        lastNumber = lastNumber == .max ? 1 : lastNumber + 1
        client.begin(number: lastNumber, schedule)
        clients[lastNumber] = client
        guard client.send(start) else { return drop(client) }
        add(client, base: KernelClock.now(), delay: schedule.firstToken)
        arm()
    }

    /// The client is gone, or no client to calibrate.
    func drop(_ client: CalibrationClient) {
        clients[client.number] = nil
        client.close()
    }

    private func add(_ client: CalibrationClient, base: Nanoseconds, delay: Nanoseconds) {
        if !lanes.add(client.number, generation: 0, base: base, delay: delay) { drop(client) }
    }

    private func arm() {
        guard let due = lanes.nextDue, due < armed else { return }
        timer?.cancel()
        armed = due
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(max(due, 0)))
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.write() }
    }

    /// Writes what is due: the next due time is counted from this one, not from the write.
    private func write() {
        armed = .max
        while case let now = KernelClock.now(), let entry = lanes.popDue(at: now) {
            guard let client = clients[entry.place] else { continue }
            guard client.send(content) else {
                drop(client)
                continue
            }
            lateness.record(now - entry.due)
            if client.hasMore() {
                add(client, base: entry.due, delay: client.gap)
            } else {
                clients[client.number] = nil
                if !client.send(end) { client.close() }
            }
        }
        arm()
    }
}

@available(*, unavailable)
extension CalibrationPlayer: Sendable {}
