// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Things that are kept by name for later requests, of any loop. Bounded: the oldest go.
final class Shelf<Item: Sendable>: Sendable {
    private struct State {
        var items: [String: (item: Item, bytes: Int)] = [:]
        /// Oldest first; a name that was taken away may still be here.
        var names: [String] = []
        var bytes = 0
    }

    private let state = Mutex(State())
    private let count: Int
    private let bytes: Int

    /// - Parameters:
    ///   - count: The most things.
    ///   - bytes: The most that they may weigh together.
    init(count: Int = 1000, bytes: Int = 64 << 20) {
        self.count = count
        self.bytes = bytes
    }

    subscript(name: String) -> Item? {
        state.withLock { $0.items[name]?.item }
    }

    /// The things that were kept last, the newest first.
    func newest(_ count: Int) -> [Item] {
        state.withLock { state in state.names.suffix(count).reversed().compactMap { state.items[$0]?.item } }
    }

    /// Keeps `item`, in the place of what had its name.
    /// - Parameter bytes: About what it weighs.
    func put(_ item: Item, as name: String, bytes weight: Int) {
        state.withLock { state in
            if let old = state.items.updateValue((item, weight), forKey: name) {
                state.bytes -= old.bytes
                state.names.removeAll { $0 == name }
            }
            state.names.append(name)
            state.bytes += weight
            while state.names.count > count || (state.bytes > bytes && state.names.count > 1) {
                let oldest = state.names.removeFirst()
                if let gone = state.items.removeValue(forKey: oldest) { state.bytes -= gone.bytes }
            }
        }
    }

    /// Changes what is kept as `name`; nil where there is no such thing.
    func change<Result: Sendable>(_ name: String, _ body: (inout Item) -> Result) -> Result? {
        state.withLock { state in
            guard var entry = state.items[name] else { return nil }
            defer { state.items[name] = entry }
            return body(&entry.item)
        }
    }

    /// Whether there was such a thing.
    func remove(_ name: String) -> Bool {
        state.withLock { state in
            guard let gone = state.items.removeValue(forKey: name) else { return false }
            state.bytes -= gone.bytes
            state.names.removeAll { $0 == name }
            return true
        }
    }
}
