// SPDX-License-Identifier: Apache-2.0

/// Follows the ids of one stream's events, and notes what was lost or came again.
struct IDTrack {
    /// How a server without typebar's ids numbers its events: of all its streams.
    struct Rule: Equatable {
        /// So many steps of one in a row make it a rule.
        private static let proof = 4
        private var steps = 0
        private var isFree = false

        init() {}

        /// The rule is that each event has the next number.
        @inline(__always)
        mutating func holds(_ step: Int64) -> Bool {
            if isFree { return false }
            if steps == Self.proof { return true }
            if step == 1 { steps += 1 } else { isFree = true }
            return false
        }
    }

    /// The last number or offset; -1: none yet.
    private var last: Int64 = -1
    private(set) var isRepeated = false
    private(set) var hasHole = false
    /// The last unit ended with a line break, whose second half may be the next.
    private var endsLine = false

    init() {}

    /// An event bears a number, which is not below 0.
    @inline(__always)
    mutating func number(_ number: Int64, _ rule: inout Rule) {
        defer { last = max(last, number) }
        guard last >= 0, rule.holds(number - last) else { return }
        if number <= last { isRepeated = true }
        if number - last > 1 { hasHole = true }
    }

    /// The stream begins at an offset of its text.
    mutating func begin(_ offset: Int64) { last = offset }

    /// A unit ends at an offset of the text (chat-stream.md, Frames).
    /// - Parameter lengths: How long the unit can be; a break in it may have been one byte or two.
    @inline(__always)
    mutating func unit(endsAt offset: Int64, lengths: ClosedRange<Int64>, endsLine: Bool) {
        defer {
            last = max(last, offset)
            self.endsLine = endsLine
        }
        guard last >= 0 else { return }
        let step = offset - last
        if step <= 0 || step < lengths.lowerBound { isRepeated = true }
        if step > lengths.upperBound + (self.endsLine ? 1 : 0) { hasHole = true }
    }
}
