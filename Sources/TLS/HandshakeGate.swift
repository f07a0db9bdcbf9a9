// SPDX-License-Identifier: Apache-2.0

/// Lets so many connections of a loop be in their handshakes at once; the rest wait for their turn in order.
///
/// Each handshake costs a good part of a millisecond: when all clients come back at once, those that are served first are
/// done soon, instead of all of them late. Lives on its loop.
public final class HandshakeGate {
    /// A place in the line.
    typealias Ticket = Int

    let limit: Int
    private(set) var running = 0
    /// Those who wait, by their tickets, which are given out in order.
    private var waiting: [Ticket: () -> Void] = [:]
    private var nextTicket = 0
    private var nextTurn = 0
    private var isAdmitting = false

    /// - Parameter limit: At least 1.
    public init(limit: Int) { self.limit = max(1, limit) }

    /// - Parameter turn: Called when it is the caller's turn, if that is not now.
    /// - Returns: Nil when it is the caller's turn at once; else its ticket.
    func enter(_ turn: @escaping () -> Void) -> Ticket? {
        guard running >= limit || !waiting.isEmpty else {
            running += 1
            return nil
        }
        defer { nextTicket += 1 }
        waiting[nextTicket] = turn
        return nextTicket
    }

    /// Who was let in is done.
    func leave() {
        running -= 1
        // Who is let in may be done at once; that one's leave comes back here, and must not go ever deeper.
        guard !isAdmitting else { return }
        isAdmitting = true
        while running < limit, let turn = next() {
            running += 1
            turn()
        }
        isAdmitting = false
    }

    /// Who waits does so no longer.
    func withdraw(_ ticket: Ticket) { waiting[ticket] = nil }

    private func next() -> (() -> Void)? {
        guard !waiting.isEmpty else { return nil }
        while nextTurn < nextTicket {
            defer { nextTurn += 1 }
            if let turn = waiting.removeValue(forKey: nextTurn) { return turn }
        }
        return nil
    }
}

@available(*, unavailable)
extension HandshakeGate: Sendable {}
