// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Writes text that a regular expression matches.
struct PatternWriter {
    private static let longest = 4096
    private static let maximumSteps = 20_000

    /// How many times more than it must be a part is repeated, where it may be.
    let extra: Int
    private(set) var generator: SeededGenerator
    private(set) var text = String.UnicodeScalarView()
    private var steps = 0
    private var length = 0

    init(extra: Int, generator: SeededGenerator) {
        self.extra = extra
        self.generator = generator
    }

    /// False where the text would be too long.
    mutating func write(_ node: PatternNode) -> Bool {
        steps += 1
        guard steps <= Self.maximumSteps, length < Self.longest else { return false }
        switch node {
        case .set(let scalars):
            text.append(scalars[pick(scalars.count)])
            length += 1
            return true
        case .sequence(let parts): return parts.allSatisfy { write($0) }
        case .choice(let branches): return write(branches[pick(branches.count)])
        case .repeated(let part, let least, let most):
            for _ in 0..<min(most, least + extra) {
                guard write(part) else { return false }
            }
            return true
        }
    }

    private mutating func pick(_ count: Int) -> Int {
        Int(generator.next() >> 1) % count
    }
}
