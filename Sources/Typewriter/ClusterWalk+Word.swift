// SPDX-License-Identifier: Apache-2.0

internal import CICU

extension ClusterWalk {
    /// Where in a word the walk is.
    private enum WordPart {
        /// The white space before the word.
        case space
        /// A quote or a bracket that opens it.
        case opening
        /// The word, in a script that puts spaces between words.
        case spaced
        /// What closes a word of the other scripts: "，", "。", "」".
        case closing

        /// Whether a cluster of that kind belongs to the next word, whatever may still join the cluster.
        func isEnded(by kind: ClusterKind) -> Bool {
            switch kind {
            case .space, .lineBreak: self != .space
            case .punctuation: false
            case .opening: self == .closing
            case .unspaced: self == .spaced || self == .closing
            case .letter, .digit, .other: self == .closing
            }
        }
    }

    /// A window long enough for the dictionary, short enough to be cheap: some 60 Han characters.
    private static var dictionaryWindow: Int { 192 }
    /// What the dictionary must see beyond a word before it is sure of its end: some four Han characters.
    private static var dictionaryLookahead: Int { 12 }
    /// The same for Thai, Lao, Khmer and Myanmar, whose words are longer: some twelve letters.
    private static var alphabeticLookahead: Int { 36 }

    /// The end of the word at `start`, with the white space before it; nil where text to come may still belong to it.
    func wordEnd(from start: Int) -> Int? {
        var part = WordPart.space
        var position = start
        while position < text.count {
            let kind = ClusterKind(scalar(at: position).scalar)
            if part.isEnded(by: kind) { return position }
            guard let next = end(from: position) else { return nil }
            if next - start > Segmenter.maximumUnitBytes { return position == start ? next : position }
            switch (kind, part) {
            case (.space, .space), (.lineBreak, .space): position = next
            case (.punctuation, .space), (.opening, .space): (part, position) = (.opening, next)
            case (.punctuation, _), (.opening, _): position = next
            case (.unspaced, _):
                let limit = start + Segmenter.maximumUnitBytes
                guard let end = dictionaryWordEnd(from: position, limit: limit) else { return nil }
                (part, position) = (.closing, end)
            default: (part, position) = (.spaced, next)
            }
        }
        return isComplete ? position : nil
    }

    private func dictionaryWordEnd(from start: Int, limit: Int) -> Int? {
        var runEnd = start
        var isRunClosed = isComplete
        while runEnd < text.count, runEnd - start < Self.dictionaryWindow {
            guard let next = end(from: runEnd) else { break }
            guard case .unspaced = ClusterKind(scalar(at: runEnd).scalar) else {
                isRunClosed = true
                break
            }
            runEnd = next
        }
        guard runEnd > start else { return nil }
        let length = text.extracting(start..<runEnd).withUnsafeBufferPointer { run in
            run.baseAddress.map { cicu_first_word_end($0, run.count) } ?? run.count
        }
        let isWindowFull = runEnd - start >= Self.dictionaryWindow
        let lookahead = text[start] <= 0xE1 ? Self.alphabeticLookahead : Self.dictionaryLookahead
        guard isRunClosed || isWindowFull || runEnd - start - length >= lookahead else { return nil }
        return end(from: start, reaching: start + length, limit: limit)
    }
}
