// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Typewriter

struct SeededGeneratorTests {
    @Test
    func `the numbers are SplitMix64's`() {
        var generator = SeededGenerator(seed: 1_234_567)
        let numbers = (0..<5).map { _ in generator.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    @Test(arguments: [0, 1, 42, UInt64.max])
    func `the same seed gives the same numbers, another seed others`(seed: UInt64) {
        var (one, same, other) = (
            SeededGenerator(seed: seed), SeededGenerator(seed: seed), SeededGenerator(seed: seed &+ 1)
        )
        let numbers = (0..<100).map { _ in one.next() }
        #expect(numbers == (0..<100).map { _ in same.next() })
        #expect(numbers != (0..<100).map { _ in other.next() })
        #expect(one == same)
        #expect(one != other)
    }

    @Test
    func `the unit interval is open at both ends, and flat`() {
        var generator = SeededGenerator(seed: 2)
        let draws = Moments((0..<100_000).map { _ in generator.unitInterval() })
        #expect(draws.least > 0 && draws.greatest < 1)
        #expect(abs(draws.mean - 0.5) < 0.005)
        #expect(abs(draws.deviation - 0.2887) < 0.005)
    }

    @Test
    func `normal numbers have mean 0, deviation 1 and both tails`() {
        var generator = SeededGenerator(seed: 3)
        let draws = Moments((0..<100_000).map { _ in generator.standardNormal() })
        #expect(abs(draws.mean) < 0.01)
        #expect(abs(draws.deviation - 1) < 0.01)
        #expect(draws.least < -3.5 && draws.greatest > 3.5)
    }

    @Test(arguments: [0.25, 0.5, 1, 2.5, 100])
    func `gamma numbers have their shape as mean and as variance`(shape: Double) {
        var generator = SeededGenerator(seed: 4)
        let draws = Moments((0..<100_000).map { _ in generator.gamma(shape: shape) })
        #expect(abs(draws.mean / shape - 1) < 0.02)
        #expect(abs(draws.deviation / shape.squareRoot() - 1) < 0.02)
        #expect(draws.least >= 0)
    }
}
