// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Synchronization
internal import Typewriter
internal import Upstream

/// Takes what the reactor's thread reads of one transfer, and lets another thread wait for it.
final class ArrivalInbox: TransferMailbox {
    /// A part, and when it was read.
    struct Arrival: Sendable {
        var part: TransferPart
        var at: Nanoseconds
    }

    private let arrivals = Mutex<[Arrival]>([])
    /// Readable while there is something.
    private let bell: CInt

    init() throws(VerifyFailure) {
        bell = eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK))
        if bell < 0 { throw VerifyFailure("no eventfd: \(String(cString: strerror(errno)))") }
    }

    deinit {
        if bell >= 0 { close(bell) }
    }

    func deliver(_ batch: [TransferDelivery]) {
        let now = KernelClock.now()
        arrivals.withLock { $0 += batch.map { Arrival(part: $0.part, at: now) } }
        eventfd_write(bell, 1)
    }

    /// What has come; empty where nothing does within `limit`.
    func wait(atMost limit: Nanoseconds) -> [Arrival] {
        let deadline = KernelClock.now() + limit
        while true {
            var count: eventfd_t = 0
            eventfd_read(bell, &count)
            let batch = arrivals.withLock { arrivals in
                defer { arrivals = [] }
                return arrivals
            }
            let left = deadline - KernelClock.now()
            guard batch.isEmpty, left > 0 else { return batch }
            var interest = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
            poll(&interest, 1, CInt(clamping: left / .millisecond + 1))
        }
    }
}
