// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Holds requests to an upstream back where it has enough of them; who waits longest gets the next place.
///
/// Shared by all event loops. Each that has a place gives it back with ``leave()``, once.
public final class ConcurrencyGate: Sendable {
    public enum Entry: Equatable, Sendable {
        /// It has a place.
        case entered
        /// It gets a place when `onGrant` is called, unless it abandons this ticket. The call may come before this value
        /// is seen.
        case queued(UInt64)
        /// As many wait as may.
        case refused
    }

    /// Tickets are numbered without gaps; those of waiters who left are passed over when their turn comes.
    private struct Places {
        var inside = 0
        var waiters: [UInt64: @Sendable () -> Void] = [:]
        var turn: UInt64 = 0
        var nextTicket: UInt64 = 0

        mutating func nextInTurn() -> (@Sendable () -> Void)? {
            guard !waiters.isEmpty else {
                turn = nextTicket
                return nil
            }
            while turn < nextTicket {
                turn += 1
                if let waiter = waiters.removeValue(forKey: turn - 1) { return waiter }
            }
            return nil
        }
    }

    private let most: Int
    private let longestQueue: Int
    private let places = Mutex(Places())

    public init(_ limits: ConcurrencyLimits) {
        most = limits.atOnce.map { max($0, 1) } ?? .max
        longestQueue = limits.queue
    }

    /// Requests that have a place.
    public var inside: Int { places.withLock { $0.inside } }

    /// Requests that wait for one.
    public var waiting: Int { places.withLock { $0.waiters.count } }

    /// Asks for a place.
    /// - Parameter onGrant: Called where it was queued and now has its place, by whoever left, on their thread and
    ///   outside of the lock.
    public func enter(onGrant: @escaping @Sendable () -> Void) -> Entry {
        places.withLock { places in
            if places.inside < most {
                places.inside += 1
                return .entered
            }
            guard places.waiters.count < longestQueue else { return .refused }
            let ticket = places.nextTicket
            places.nextTicket += 1
            places.waiters[ticket] = onGrant
            return .queued(ticket)
        }
    }

    /// Gives a place back: to the one who waits longest, if any.
    public func leave() {
        let onGrant = places.withLock { places -> (@Sendable () -> Void)? in
            if let waiter = places.nextInTurn() { return waiter }
            places.inside = max(places.inside - 1, 0)
            return nil
        }
        onGrant?()
    }

    /// A waiter waits no longer.
    /// - Returns: False where it had its place already, or is about to be told so: it then has to ``leave()``.
    public func abandon(_ ticket: UInt64) -> Bool {
        places.withLock { $0.waiters.removeValue(forKey: ticket) != nil }
    }
}
