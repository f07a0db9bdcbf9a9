// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Synchronization

/// What other threads, and signal handlers, tell a running loop.
final class LoopSignals: Sendable {
    /// Readable once the loop is to end; negative where there was no descriptor to be had.
    let wakeUp = eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK))
    private let interrupted = Atomic(false)

    deinit {
        if wakeUp >= 0 { close(wakeUp) }
    }

    var isInterrupted: Bool { interrupted.load(ordering: .relaxed) }

    /// Safe in a signal handler: an atomic store, and a write to a descriptor.
    func interrupt() {
        interrupted.store(true, ordering: .relaxed)
        eventfd_write(wakeUp, 1)
    }
}
