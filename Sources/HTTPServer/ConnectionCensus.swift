// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Counts connections, in all and from each address, across event loops. Asked once a connection, never for a frame.
final class ConnectionCensus: Sendable {
    /// What becomes of a new connection.
    enum Verdict: Equatable {
        case welcome
        /// Over a limit: its request is answered with that, and nothing else.
        case overCapacity
        /// So far over the limit that there is no descriptor to spare for an answer.
        case hopeless
    }

    /// How many connections beyond the limit are still told why they are refused.
    private static let courtesy = 100

    private let limit: Int
    private let limitPerClient: Int
    private let total = Atomic<Int>(0)
    private let clients = Mutex<[String: Int]>([:])

    init(limit: Int, limitPerClient: Int) {
        self.limit = limit
        self.limitPerClient = limitPerClient
    }

    /// Connections that are open now.
    var count: Int { total.load(ordering: .relaxed) }

    func arrived(from client: String?) -> Verdict {
        let count = total.add(1, ordering: .relaxed).newValue
        var ofClient = 0
        if limitPerClient > 0, let client {
            ofClient = clients.withLock { clients in
                clients[client, default: 0] += 1
                return clients[client, default: 0]
            }
        }
        if count > limit + Self.courtesy { return .hopeless }
        return count > limit || limitPerClient > 0 && ofClient > limitPerClient ? .overCapacity : .welcome
    }

    func left(_ client: String?) {
        total.subtract(1, ordering: .relaxed)
        guard limitPerClient > 0, let client else { return }
        clients.withLock { clients in
            let left = clients[client, default: 0] - 1
            clients[client] = left > 0 ? left : nil
        }
    }
}
