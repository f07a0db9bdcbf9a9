// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A generator whose numbers depend on its seed alone, on every machine (SplitMix64: Steele, Lea and Flood, 2014).
public struct SeededGenerator: RandomNumberGenerator, Equatable, Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        self.state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform over (0, 1): never 0, so its logarithm is finite.
    mutating func unitInterval() -> Double {
        (Double(next() >> 11) + 0.5) / 9_007_199_254_740_992
    }

    /// Normal with mean 0 and deviation 1 (Box and Muller, 1958).
    mutating func standardNormal() -> Double {
        let radius = (-2 * log(unitInterval())).squareRoot()
        return radius * cos(2 * .pi * unitInterval())
    }

    /// Gamma with the given shape (0 excluded) and scale 1 (Marsaglia and Tsang, 2000).
    package mutating func gamma(shape: Double) -> Double {
        guard shape >= 1 else {
            return gamma(shape: shape + 1) * pow(unitInterval(), 1 / shape)
        }
        let depth = shape - 1.0 / 3
        let slope = 1 / (9 * depth).squareRoot()
        while true {
            let normal = standardNormal()
            let base = 1 + slope * normal
            guard base > 0 else { continue }
            let cube = base * base * base
            if log(unitInterval()) < normal * normal / 2 + depth - depth * cube + depth * log(cube) {
                return depth * cube
            }
        }
    }
}
