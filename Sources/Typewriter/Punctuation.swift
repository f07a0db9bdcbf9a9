// SPDX-License-Identifier: Apache-2.0

/// The marks after which a typist pauses.
enum Punctuation {
    /// How long, in halves of the full pause, the unit `text[range]` asks for: 2 after a sentence, 1 after a clause.
    ///
    /// Western marks count before white space or the end of all text only ("3.14" has no sentence in it); full-width
    /// ones always.
    static func pauseHalves(in text: Span<UInt8>, _ range: Range<Int>) -> Int {
        var halves = 0
        var position = range.lowerBound
        let walk = ClusterWalk(text: text, isComplete: true)
        while position < range.upperBound, halves < 2 {
            let (scalar, next) = walk.scalar(at: position)
            position = next
            let found =
                switch scalar {
                case ".", "!", "?", "\u{2026}": isSpaceOrEnd(walk, at: next) ? 2 : 0
                case "\u{3002}", "\u{FF01}", "\u{FF1F}": 2
                case ",", ";", ":": next < text.count && isSpaceOrEnd(walk, at: next) ? 1 : 0
                case "\u{FF0C}", "\u{3001}", "\u{FF1B}", "\u{FF1A}": 1
                default: 0
                }
            halves = max(halves, found)
        }
        return halves
    }

    private static func isSpaceOrEnd(_ walk: borrowing ClusterWalk, at position: Int) -> Bool {
        position >= walk.text.count || walk.scalar(at: position).scalar.properties.isWhitespace
    }
}
