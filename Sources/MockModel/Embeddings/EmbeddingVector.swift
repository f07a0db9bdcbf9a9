// SPDX-License-Identifier: Apache-2.0

/// Makes vectors of texts without a model: the more words two texts share, the nearer their vectors.
///
/// Feature hashing (Weinberger and others, 2009): each word, and each run of three bytes in it, so that `run` and
/// `running` are near too, adds to or takes from one of the dimensions, which its hash chooses.
public enum EmbeddingVector {
    public static let defaultDimensions = 256
    private static let wordWeight: Float = 2
    private static let runWeight: Float = 1
    private static let runLength = 3

    /// A vector of length 1; the same text always gives the same one.
    /// - Parameter dimensions: How many numbers, from 1; less counts as 1.
    public static func make(text: [UInt8], dimensions: Int = defaultDimensions) -> [Float] {
        var vector = [Float](repeating: 0, count: max(dimensions, 1))
        for word in text.split(whereSeparator: { !isWordByte($0) }) {
            // The space in front tells a word from a run of the same bytes, and marks where the word begins.
            let bytes = [UInt8(ascii: " ")] + word.map(lowercased)
            add(wordWeight, for: bytes[...], to: &vector)
            guard bytes.count > runLength else { continue }
            for start in 0...(bytes.count - runLength) {
                add(runWeight, for: bytes[start..<start + runLength], to: &vector)
            }
        }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0 else {
            // No word, or words that cancel each other out: the text as a whole is the one feature.
            vector[Int(hash(text[...]) % UInt64(vector.count))] = 1
            return vector
        }
        return vector.map { $0 / length }
    }

    private static func add(_ weight: Float, for feature: ArraySlice<UInt8>, to vector: inout [Float]) {
        let hash = hash(feature)
        let index = Int((hash >> 1) % UInt64(vector.count))
        vector[index] += hash & 1 == 0 ? weight : -weight
    }

    /// FNV-1a (Fowler, Noll and Vo), and a last step that mixes its high bits into the low ones.
    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let mixed = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ mixed >> 33
    }

    /// Letters and digits, and all that is not ASCII.
    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...:
            true
        default: false
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
