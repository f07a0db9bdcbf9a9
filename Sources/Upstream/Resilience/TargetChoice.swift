// SPDX-License-Identifier: Apache-2.0

/// Chooses one of several targets that may all be asked; the same seed chooses the same one.
struct TargetChoice {
    struct Candidate: Equatable, Sendable {
        /// Among the targets of the request.
        var index: Int
        var weight: Int
        var inFlight: Int
        /// Nanoseconds to the first token; 0 where none was measured.
        var firstToken: Double
    }

    private static let mostWeight = 1_000_000
    /// No target counts as that many times faster than another: one that is new, or has rested for long, would else get
    /// every request until its first token is there.
    private static let mostAdvantage = 10.0

    private let candidates: [Candidate]
    private var generator: SplitMix64

    /// - Parameter candidates: Those of weight 0 are left out, unless there are no others: then all are alike.
    init(_ candidates: [Candidate], seed: UInt64) {
        let weighted = candidates.filter { $0.weight > 0 }
        self.candidates = (weighted.isEmpty ? candidates : weighted).map { candidate in
            var candidate = candidate
            candidate.weight = min(max(candidate.weight, 1), Self.mostWeight)
            return candidate
        }
        generator = SplitMix64(seed: seed)
    }

    /// The index of the chosen one; nil where there is none.
    mutating func choose(_ balance: CallPolicy.Balance) -> Int? {
        switch balance {
        case .weighted: draw(from: candidates)?.index
        case .leastInFlight: leastInFlight()?.index
        case .fastest: fastest()?.index
        }
    }

    /// By weight.
    private mutating func draw(from candidates: [Candidate]) -> Candidate? {
        guard candidates.count > 1 else { return candidates.first }
        var left = Int.random(in: 0..<candidates.reduce(0) { $0 + $1.weight }, using: &generator)
        return candidates.first { candidate in
            left -= candidate.weight
            return left < 0
        }
    }

    /// Of those that are equally busy one is drawn by weight.
    private mutating func leastInFlight() -> Candidate? {
        func isBusier(_ one: Candidate, _ other: Candidate) -> Bool {
            one.inFlight * other.weight > other.inFlight * one.weight
        }
        guard let least = candidates.min(by: { isBusier($1, $0) }) else { return nil }
        return draw(from: candidates.filter { !isBusier($0, least) })
    }

    /// The power of two choices.
    private mutating func fastest() -> Candidate? {
        guard let one = draw(from: candidates) else { return nil }
        guard let other = draw(from: candidates.filter { $0.index != one.index }) else { return one }
        return Self.cost(of: other, beside: one) < Self.cost(of: one, beside: other) ? other : one
    }

    private static func cost(of one: Candidate, beside other: Candidate) -> Double {
        max(one.firstToken, other.firstToken / mostAdvantage, 1) * Double(one.inFlight + 1)
    }
}
