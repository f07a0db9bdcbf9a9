// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import Synchronization
internal import Typewriter
internal import Upstream

/// Where the reactor leaves what it has read for one event loop.
///
/// The loop looks into it at each turn of its pacer, so it is woken only when its next turn is not near: a busy gateway
/// pays no wake-up for a delta.
final class TransferInbox: TransferMailbox {
    /// What a first token may wait for the sake of that. A whole tick showed in the added time to first token.
    private static let nearTurn: Nanoseconds = .millisecond / 4

    private struct State {
        var deliveries: [TransferDelivery] = []
        var nextTurn = Nanoseconds.max
        var isWakeUnderWay = false

        /// Whether something waits for a loop that comes by too late; from then on the wake is under way.
        mutating func needsWake(now: Nanoseconds) -> Bool {
            guard !deliveries.isEmpty, !isWakeUnderWay, nextTurn > now + TransferInbox.nearTurn else { return false }
            isWakeUnderWay = true
            return true
        }
    }

    private let state = Mutex(State())
    private let eventLoop: any EventLoop
    private let onWake: @Sendable () -> Void

    /// - Parameter onWake: Called on the loop when there is something to take and no turn near.
    init(eventLoop: any EventLoop, onWake: @escaping @Sendable () -> Void) {
        self.eventLoop = eventLoop
        self.onWake = onWake
    }

    func deliver(_ batch: [TransferDelivery]) {
        let now = Pacer.now()
        let mustWake = state.withLock { state in
            if state.deliveries.isEmpty { state.deliveries = batch } else { state.deliveries += batch }
            return state.needsWake(now: now)
        }
        if mustWake { eventLoop.execute(onWake) }
    }

    /// Takes all that is there.
    func take() -> [TransferDelivery] {
        state.withLock { state in
            state.isWakeUnderWay = false
            defer { state.deliveries.removeAll() }
            return state.deliveries
        }
    }

    /// Tells when the loop looks in next. It is woken where something has come since it last did, and that turn is far.
    func expect(nextTurn: Nanoseconds, now: Nanoseconds) {
        let mustWake = state.withLock { state in
            state.nextTurn = nextTurn
            return state.needsWake(now: now)
        }
        // Not handed over here: the turn may have been set by a stream that starts, whose reader is added in a moment and
        // would miss all that is no text.
        if mustWake { eventLoop.execute(onWake) }
    }
}
