// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import Synchronization

/// Knows of every stream that is kept in this process: on which event loop it lives, and what started it.
///
/// Asked when a stream begins, grows, ends or is looked for; never for a frame. The text itself stays with the
/// stream, on its loop.
public final class MemoryJournal: Sendable {
    /// What an idempotency key has been used for.
    public enum Claim: Equatable, Sendable {
        /// Nobody used it before: the caller's new stream has it now.
        case new
        /// The same request started this stream.
        case same(StreamID)
        /// Another request has it.
        case other
    }

    /// A stream that has to go, and the loop that holds it.
    public struct Eviction: Equatable, Sendable {
        public let id: StreamID
        public let home: Int
    }

    private struct Key {
        let id: StreamID
        let digest: RequestDigest
    }

    private struct State {
        var retention: Retention
        var homes: [StreamID: Int] = [:]
        var keys: [String: Key] = [:]
        var keysByStream: [StreamID: String] = [:]

        mutating func forget(_ id: StreamID) -> Int? {
            if let key = keysByStream.removeValue(forKey: id) { keys[key] = nil }
            return homes.removeValue(forKey: id)
        }

        mutating func evict(_ ids: [StreamID]) -> [Eviction] {
            ids.compactMap { id in forget(id).map { Eviction(id: id, home: $0) } }
        }
    }

    private let state: Mutex<State>

    /// - Parameter limit: Bytes of text of all streams together.
    public init(limit: Int) {
        self.state = Mutex(State(retention: Retention(limit: limit)))
    }

    /// Streams that are kept.
    public var count: Int { state.withLock { $0.retention.count } }

    /// There is more text than allowed, and nothing finished to let go.
    public var isFull: Bool { state.withLock { $0.retention.isFull } }

    /// The loop on which `id` lives; nil where it is unknown or gone.
    public func home(of id: StreamID) -> Int? {
        state.withLock { $0.homes[id] }
    }

    /// Registers a stream that begins on loop `home`.
    public func began(_ id: StreamID, home: Int, bytes: Int) -> [Eviction] {
        state.withLock { state in
            state.homes[id] = home
            return state.evict(state.retention.began(id, bytes: bytes))
        }
    }

    /// A stream's text grew by `bytes`.
    public func grew(_ id: StreamID, by bytes: Int) -> [Eviction] {
        state.withLock { $0.evict($0.retention.grew(id, by: bytes)) }
    }

    /// A stream has ended.
    public func ended(_ id: StreamID) -> [Eviction] {
        state.withLock { $0.evict($0.retention.ended(id)) }
    }

    /// A stream is gone.
    public func forget(_ id: StreamID) {
        state.withLock { state in
            state.retention.forgot(id)
            _ = state.forget(id)
        }
    }

    /// Claims `key` for the stream `id`, which `request` starts, unless it is taken. Only a digest of the request is kept.
    public func claim(_ key: String, for id: StreamID, request: [UInt8]) -> Claim {
        let digest = RequestDigest(request)
        return state.withLock { state in
            if let taken = state.keys[key] { return taken.digest == digest ? .same(taken.id) : .other }
            state.keys[key] = Key(id: id, digest: digest)
            state.keysByStream[id] = key
            return .new
        }
    }

    /// Gives up the claim of a stream that did not begin.
    public func unclaim(_ id: StreamID) {
        state.withLock { state in
            if let key = state.keysByStream.removeValue(forKey: id) { state.keys[key] = nil }
        }
    }
}
