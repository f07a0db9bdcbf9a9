// SPDX-License-Identifier: Apache-2.0

import MockModel
import TestSupport
import Testing

struct EmbeddingVectorTests {
    private static let words = [
        "river", "stone", "window", "quiet", "lantern", "garden", "copper", "winter", "signal", "paper", "harbour",
        "yellow", "machine", "thunder", "velvet", "orchard", "pencil", "bridge", "meadow", "engine", "fällt", "日本語",
    ]

    @Test(arguments: ["", " ", "a", "Hello, world!", "日本語", "a b a b", "\u{0}", "😀 😀"], [1, 2, 3, 256, 3072])
    func `a vector has length 1, and is the same each time`(text: String, dimensions: Int) {
        let vector = EmbeddingVector.make(text: Array(text.utf8), dimensions: dimensions)
        #expect(vector.count == dimensions)
        #expect(abs(Self.product(vector, vector) - 1) < 1e-4)
        #expect(vector == EmbeddingVector.make(text: Array(text.utf8), dimensions: dimensions))
    }

    @Test
    func `any bytes and any dimensions give a vector of length 1`() {
        var dice = Dice(seed: 9)
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...30, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
            let vector = EmbeddingVector.make(text: text, dimensions: Int.random(in: -1...40, using: &dice))
            #expect(abs(Self.product(vector, vector) - 1) < 1e-4)
        }
    }

    @Test
    func `texts that share words are nearer than texts that don't`() {
        var dice = Dice(seed: 10)
        for _ in 0..<200 {
            let words = Self.words.shuffled(using: &dice)
            let text = Self.vector(words[0..<6])
            let near = Self.vector(words[3..<9])
            let far = Self.vector(words[12..<18])
            #expect(Self.product(text, near) > Self.product(text, far))
        }
    }

    @Test
    func `the order of words, their case and what stands between them do not matter`() {
        let text = EmbeddingVector.make(text: Array("The quiet river".utf8))
        #expect(text.count == 256)
        let same = EmbeddingVector.make(text: Array("RIVER, quiet\nthe!".utf8))
        #expect(abs(Self.product(text, same) - 1) < 1e-4)
    }

    @Test
    func `words of one stem are near`() {
        let text = Self.vector(["running"])
        #expect(Self.product(text, Self.vector(["runner"])) > Self.product(text, Self.vector(["sleeper"])))
        #expect(Self.product(text, Self.vector(["running"])) > Self.product(text, Self.vector(["runner"])))
    }

    private static func vector(_ words: some Sequence<String>) -> [Float] {
        EmbeddingVector.make(text: Array(words.joined(separator: " ").utf8))
    }

    private static func product(_ left: [Float], _ right: [Float]) -> Float {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
