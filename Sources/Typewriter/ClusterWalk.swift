// SPDX-License-Identifier: Apache-2.0

/// Steps through text cluster by cluster (Unicode Standard Annex 29, extended grapheme clusters).
struct ClusterWalk: ~Escapable {
    let text: Span<UInt8>
    /// Whether the end of `text` is the end of all text, and so closes the last cluster.
    let isComplete: Bool

    @_lifetime(copy text)
    init(text: Span<UInt8>, isComplete: Bool) {
        self.text = text
        self.isComplete = isComplete
    }

    /// The end of the cluster at `start`, or nil where a scalar to come may still belong to it.
    @inline(__always)
    func end(from start: Int) -> Int? {
        let next = start + 1
        if next < text.count, text[start] < 0x80, text[next] < 0x80, text[start] != 0x0D { return next }
        return endBeyondASCII(from: start)
    }

    /// The first end of a cluster at or after `target`, walking from `start`.
    func end(from start: Int, reaching target: Int, limit: Int) -> Int? {
        var position = start
        while position < target {
            guard let next = end(from: position) else { return nil }
            if next > limit { return position == start ? next : position }
            position = next
        }
        return position
    }

    private func endBeyondASCII(from start: Int) -> Int? {
        var (scalar, position) = self.scalar(at: start)
        // The standard library's own recogniser, as String uses it; String itself would have to copy the text.
        var recognizer = Unicode._CharacterRecognizer()
        _ = recognizer.hasBreak(before: scalar)
        while position < text.count {
            let next: Int
            (scalar, next) = self.scalar(at: position)
            if recognizer.hasBreak(before: scalar) || next - start > Segmenter.maximumUnitBytes { return position }
            position = next
        }
        return isComplete ? position : nil
    }

    /// The scalar at `start`, and where the next one begins. `text` is valid UTF-8, so no byte needs a check.
    func scalar(at start: Int) -> (scalar: Unicode.Scalar, end: Int) {
        let lead = UInt32(text[start])
        let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard length > 1, start + length <= text.count else {
            return (Unicode.Scalar(lead < 0x80 ? UInt8(lead) : 0x1A), start + 1)
        }
        var value = lead & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(text[start + offset] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", start + length)
    }
}
