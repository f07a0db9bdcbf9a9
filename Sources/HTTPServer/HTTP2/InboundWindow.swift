// SPDX-License-Identifier: Apache-2.0

/// How much a peer may send, and when it is told that it may send more (RFC 9113, section 5.2).
struct InboundWindow {
    private let target: Int
    private var size = Self.initialSize

    /// Before any setting and update.
    static let initialSize = 65_535

    init(target: Int) {
        self.target = target
    }

    mutating func changed(to size: Int) {
        self.size = size
    }

    mutating func took(_ count: Int) {
        size -= count
    }

    /// What to raise the window by; nil while enough of it is left. It is taken as told.
    mutating func increment() -> Int? {
        guard size <= target / 2 else { return nil }
        defer { size = target }
        return target - size
    }
}
