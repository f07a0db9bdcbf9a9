// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// What a model has said in one answer. Positions are UTF-8 byte offsets in its text.
public struct AnswerLog: Equatable, Sendable {
    /// How an answer ended.
    public enum Outcome: Equatable, Sendable {
        case whole
        case fault(ChatFault)
    }

    /// Where a position lies.
    public enum Place: Equatable, Sendable {
        case said
        /// So long ago that it is no longer kept.
        case trimmed
        /// Beyond the end of what was said.
        case beyond
        /// Inside the bytes of one scalar.
        case insideScalar
    }

    /// The text from ``AnswerLog/base`` on: valid UTF-8.
    public private(set) var text: [UInt8] = []
    /// The position of the first byte that is kept.
    public private(set) var base = 0
    /// The positions at which deltas ended, where the stream is typed by deltas.
    public private(set) var deltaEnds: [Int] = []
    /// Nil while the model may say more.
    public private(set) var outcome: Outcome?

    private let limit: Int

    /// - Parameter limit: Bytes of text to keep; of more, the oldest go.
    public init(limit: Int) {
        self.limit = limit
    }

    /// The position after the last byte.
    public var end: Int { base + text.count }

    /// Adds what the model says next.
    ///
    /// - Parameters:
    ///   - position: What lies before is typed already; only that may be trimmed.
    ///   - recordsDelta: Remember where this delta ends.
    public mutating func append(_ delta: [UInt8], typedUpTo position: Int, recordsDelta: Bool) {
        if text.isEmpty { text = delta } else { text.append(contentsOf: delta) }
        if recordsDelta, !delta.isEmpty { deltaEnds.append(end) }
        // Trimming by eighths keeps the cost of moving what stays in proportion to what was added.
        guard text.count > limit + limit / 8 else { return }
        trim(to: min(end - limit, position))
    }

    /// The model has said all, or never will.
    public mutating func close(_ outcome: Outcome) {
        if self.outcome == nil { self.outcome = outcome }
    }

    /// Ends the answer at `position`: what was said after it was never shown, and is forgotten.
    public mutating func cut(at position: Int, _ outcome: Outcome) {
        self.outcome = outcome
        guard position < end else { return }
        text.removeLast(min(end - position, text.count))
        deltaEnds.removeAll { $0 > position }
    }

    /// Whether a reader may go on at `position`.
    public func place(of position: Int) -> Place {
        if position < base { return .trimmed }
        if position > end { return .beyond }
        if position == end { return .said }
        return text[position - base] & 0xC0 == 0x80 ? .insideScalar : .said
    }

    private mutating func trim(to position: Int) {
        guard position > base else { return }
        var cut = position - base
        while cut < text.count, text[cut] & 0xC0 == 0x80 { cut += 1 }
        text.removeFirst(cut)
        base += cut
        deltaEnds.removeAll { $0 <= base }
    }
}
