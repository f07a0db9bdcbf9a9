// SPDX-License-Identifier: Apache-2.0

/// A stop sequence found in a text, and where it begins.
struct StopSequence: Equatable {
    let sequence: String
    /// Byte offset.
    let start: Int

    /// The one that begins first; of several that begin there, the shortest, which is complete first.
    static func first(of sequences: [String], in text: [UInt8]) -> StopSequence? {
        var found: StopSequence?
        for sequence in sequences where !sequence.isEmpty {
            guard let start = offset(of: Array(sequence.utf8), in: text) else { continue }
            let candidate = StopSequence(sequence: sequence, start: start)
            if found.map(candidate.isBefore) ?? true { found = candidate }
        }
        return found
    }

    private func isBefore(_ other: StopSequence) -> Bool {
        (start, sequence.utf8.count) < (other.start, other.sequence.utf8.count)
    }

    /// In time linear to both, whatever they are (Knuth, Morris and Pratt, 1977).
    private static func offset(of word: [UInt8], in text: [UInt8]) -> Int? {
        var borders = [0]
        var matched = 0
        for index in word.indices.dropFirst() {
            while matched > 0, word[index] != word[matched] { matched = borders[matched - 1] }
            if word[index] == word[matched] { matched += 1 }
            borders.append(matched)
        }
        matched = 0
        for (index, byte) in text.enumerated() {
            while matched > 0, byte != word[matched] { matched = borders[matched - 1] }
            if byte == word[matched] { matched += 1 }
            if matched == word.count { return index + 1 - word.count }
        }
        return nil
    }
}
