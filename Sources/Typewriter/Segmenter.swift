// SPDX-License-Identifier: Apache-2.0

/// Cuts text into units, at borders of grapheme clusters only.
///
/// Has no state: a unit is a function of the text and of where it begins, so any reader can cut the same text again.
public struct Segmenter: Equatable, Sendable {
    /// No unit is longer, in bytes; a longer word is cut at a cluster, a longer cluster (only a prank has one) at a
    /// scalar.
    public static let maximumUnitBytes = 4096

    public let unit: TextUnit

    public init(unit: TextUnit) {
        self.unit = unit
    }

    /// The end of the unit that begins at `start`, or nil where text to come may still belong to it.
    ///
    /// - Parameters:
    ///   - text: Valid UTF-8.
    ///   - start: Where the unit begins: an index of `text`, at the border of a scalar, before its end.
    ///   - isComplete: No more text comes: what is there is whole.
    ///   - deltaEnd: The first end of a delta after `start`, for ``TextUnit/delta``.
    public func unitEnd(in text: Span<UInt8>, from start: Int, isComplete: Bool, deltaEnd: Int? = nil) -> Int? {
        let clusters = ClusterWalk(text: text, isComplete: isComplete)
        switch unit {
        case .character: return clusters.end(from: start)
        case .word: return clusters.wordEnd(from: start)
        case .token: return clusters.tokenEnd(from: start)
        case .delta:
            let limit = start + Self.maximumUnitBytes
            return clusters.end(from: start, reaching: deltaEnd ?? text.count, limit: limit)
        }
    }
}
