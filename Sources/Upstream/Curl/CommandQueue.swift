// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Synchronization

/// What other threads want of a reactor, in order, and what wakes it.
///
/// There is an acknowledgement for each delta of each stream, and most can wait: a transfer that flows takes its credit
/// when the reactor is awake for another reason. Only while a transfer has paused for want of credit do they wake it.
final class CommandQueue: Sendable {
    enum Command: Sendable {
        case start(TransferID, TransferRequest, any TransferMailbox)
        case acknowledge(TransferID, bytes: Int)
        case cancel(TransferID)
        case shutDown

        var isUrgent: Bool {
            if case .acknowledge = self { false } else { true }
        }
    }

    private struct State {
        var commands: [Command] = []
        var isWakeUnderWay = false
        var pausedTransfers = 0
    }

    /// Readable while the reactor is to look in.
    let wakeUp: CInt
    private let state = Mutex(State())

    /// Nil where there is no descriptor to be had; `errno` tells why.
    init?() {
        wakeUp = eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK))
        if wakeUp < 0 { return nil }
    }

    deinit {
        if wakeUp >= 0 { close(wakeUp) }
    }

    func send(_ command: Command) {
        let mustWake = state.withLock { state in
            state.commands.append(command)
            guard !state.isWakeUnderWay, command.isUrgent || state.pausedTransfers > 0 else { return false }
            state.isWakeUnderWay = true
            return true
        }
        if mustWake { eventfd_write(wakeUp, 1) }
    }

    // MARK: The reactor's side

    /// Exchanges `commands`, which have been carried out, for those that have come since.
    func take(_ commands: inout [Command]) {
        commands.removeAll(keepingCapacity: true)
        state.withLock { state in
            swap(&state.commands, &commands)
            state.isWakeUnderWay = false
        }
    }

    /// Takes note of having been woken.
    func clearWakeUp() {
        var count: eventfd_t = 0
        eventfd_read(wakeUp, &count)
    }

    /// From now on acknowledgements wake. Those that have come already have not: look in before going to sleep.
    func transferPaused() {
        state.withLock { $0.pausedTransfers += 1 }
    }

    func transferResumed() {
        state.withLock { $0.pausedTransfers -= 1 }
    }

    var hasPausedTransfers: Bool { state.withLock { $0.pausedTransfers > 0 } }
}
