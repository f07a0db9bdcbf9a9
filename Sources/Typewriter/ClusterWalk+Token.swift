// SPDX-License-Identifier: Apache-2.0

extension ClusterWalk {
    /// Words up to this many letters are one token, as common words are in the vocabularies of models.
    private static var longestWholeWord: Int { 6 }

    /// The end of the token at `start`; nil where text to come may still belong to it.
    ///
    /// The shapes are those of byte-pair vocabularies: a word with the space before it, long words in pieces, digits
    /// by three, runs of punctuation, line breaks together, indentation apart from the word it precedes.
    func tokenEnd(from start: Int) -> Int? {
        guard let next = end(from: start) else { return nil }
        let kind = ClusterKind(scalar(at: start).scalar)
        switch kind {
        case .letter: return wordPieceEnd(from: start)
        case .digit: return runEnd(of: .digit, from: start, atMost: 3)
        case .punctuation: return runEnd(of: .punctuation, from: start, atMost: 3)
        case .lineBreak: return runEnd(of: .lineBreak, from: start, atMost: 4)
        case .unspaced, .opening, .other: return next
        case .space: return spaceEnd(from: start, afterFirst: next)
        }
    }

    /// A single space belongs to what follows; of more, all but the last are a token.
    private func spaceEnd(from start: Int, afterFirst: Int) -> Int? {
        guard let runEnd = runEnd(of: .space, from: start, atMost: 64) else { return nil }
        guard runEnd < text.count else { return runEnd }
        let following = ClusterKind(scalar(at: runEnd).scalar)
        guard runEnd == afterFirst else { return lastStart(from: start, to: runEnd) }
        switch following {
        case .letter, .digit, .punctuation, .opening, .unspaced:
            return tokenEnd(from: runEnd).map { $0 - start > Segmenter.maximumUnitBytes ? runEnd : $0 }
        default: return runEnd
        }
    }

    private func lastStart(from start: Int, to limit: Int) -> Int? {
        var position = start
        while let next = end(from: position), next < limit { position = next }
        return position
    }

    private func runEnd(of kind: ClusterKind, from start: Int, atMost count: Int) -> Int? {
        var position = start
        for _ in 0..<count {
            guard position < text.count else { return isComplete ? position : nil }
            guard ClusterKind(scalar(at: position).scalar) == kind else { return position }
            guard let next = end(from: position) else { return nil }
            guard next - start <= Segmenter.maximumUnitBytes else { return position }
            position = next
        }
        return position
    }

    /// A long word is cut where a syllable begins, near its fourth letter.
    private func wordPieceEnd(from start: Int) -> Int? {
        guard let wholeEnd = runEnd(of: .letter, from: start, atMost: Self.longestWholeWord + 1) else { return nil }
        var borders = [start]
        while let border = borders.last, border < wholeEnd, let next = end(from: border) { borders.append(next) }
        guard borders.count > Self.longestWholeWord + 1 else { return wholeEnd }
        let cut = [4, 5, 3].first { !isVowel(at: borders[$0]) && isVowel(at: borders[$0 + 1]) } ?? 4
        return borders[cut]
    }

    private func isVowel(at position: Int) -> Bool {
        switch text[position] | 0x20 {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"),
            UInt8(ascii: "y"):
            true
        default: false
        }
    }
}
