// SPDX-License-Identifier: Apache-2.0

/// Lets so many steps of handshakes be done in one turn of a loop; the rest wait for the next turns in order.
///
/// A handshake costs a good part of a millisecond: when all clients come back at once, the loop's streams have their turn
/// in between. Who has begun goes before who has not, so that the first are done soon, instead of all of them late. Only who
/// has bytes for its handshake is here, so a silent peer holds nobody up. Lives on its loop.
public final class HandshakeGate {
    /// A place in a line.
    struct Ticket: Equatable {
        fileprivate let hasBegun: Bool
        fileprivate let number: Int
    }

    /// Those who wait, by their numbers, which are given out in order.
    private struct Line {
        private var waiting: [Int: () -> Void] = [:]
        private var nextNumber = 0
        private var nextTurn = 0

        var isEmpty: Bool { waiting.isEmpty }

        mutating func append(_ step: @escaping () -> Void) -> Int {
            defer { nextNumber += 1 }
            waiting[nextNumber] = step
            return nextNumber
        }

        mutating func withdraw(_ number: Int) { waiting[number] = nil }

        mutating func next() -> (() -> Void)? {
            guard !waiting.isEmpty else { return nil }
            while nextTurn < nextNumber {
                defer { nextTurn += 1 }
                if let step = waiting.removeValue(forKey: nextTurn) { return step }
            }
            return nil
        }
    }

    let limit: Int
    /// Steps of this turn.
    private(set) var taken = 0
    private var begun = Line()
    private var fresh = Line()
    private let atTurnsEnd: (@escaping () -> Void) -> Void
    private let inNextTurn: (@escaping () -> Void) -> Void
    /// The places will be given back.
    private var isArmed = false

    /// - Parameters:
    ///   - limit: Steps in one turn, at least 1.
    ///   - atTurnsEnd: Calls what it is given once, when the loop has seen to the sockets of this turn; has to be cheap.
    ///   - inNextTurn: Calls what it is given once, when the loop has seen to all else. Used only while somebody waits.
    public init(
        limit: Int,
        atTurnsEnd: @escaping (@escaping () -> Void) -> Void,
        inNextTurn: @escaping (@escaping () -> Void) -> Void
    ) {
        self.limit = max(1, limit)
        self.atTurnsEnd = atTurnsEnd
        self.inNextTurn = inNextTurn
    }

    /// - Parameters:
    ///   - hasBegun: The caller's handshake has had a step before.
    ///   - step: Called when it is the caller's turn, if that is not now.
    /// - Returns: Nil when it is the caller's turn at once; else its ticket.
    func enter(hasBegun: Bool, _ step: @escaping () -> Void) -> Ticket? {
        guard taken >= limit || !begun.isEmpty || !fresh.isEmpty else {
            taken += 1
            if !isArmed { arm(atTurnsEnd) }
            return nil
        }
        return Ticket(hasBegun: hasBegun, number: hasBegun ? begun.append(step) : fresh.append(step))
    }

    /// Who waits does so no longer.
    func withdraw(_ ticket: Ticket) {
        if ticket.hasBegun { begun.withdraw(ticket.number) } else { fresh.withdraw(ticket.number) }
    }

    private func arm(_ later: (@escaping () -> Void) -> Void) {
        isArmed = true
        later { [self] in giveBack() }
    }

    private func giveBack() {
        taken = 0
        while taken < limit, let step = begun.next() ?? fresh.next() {
            taken += 1
            step()
        }
        isArmed = false
        // Only now: its time counts from the last step's end.
        if taken > 0 { arm(inNextTurn) }
    }
}

@available(*, unavailable)
extension HandshakeGate: Sendable {}
