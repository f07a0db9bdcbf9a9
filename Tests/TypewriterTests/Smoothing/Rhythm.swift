// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// How an upstream's text comes: draws traces that the smoother was not tuned on.
enum Rhythm: String, CaseIterable {
    case steady
    case bursts500 = "bursts, 500 ms"
    case bursts900 = "bursts, 900 ms"
    case prefill = "prefill, then flood"
    case trickle = "slow trickle"
    case stalls

    func trace(seed: UInt64) -> Trace {
        var dice = Dice(seed: seed)
        var time = 0.0
        let sizes = (0..<count).map { delta in
            defer { time += gap(after: delta, using: &dice) }
            return (
                time, self == .bursts900 ? Int.random(in: 80...240, using: &dice) : Int.random(in: 2...8, using: &dice)
            )
        }
        return Trace("drawn: \(rawValue)", sizes)
    }

    /// Deltas.
    private var count: Int {
        switch self {
        case .steady, .bursts500, .prefill, .stalls: 250
        case .bursts900: 12
        case .trickle: 40
        }
    }

    /// Milliseconds.
    private func gap(after delta: Int, using dice: inout Dice) -> Double {
        switch self {
        case .steady: .random(in: 8...32, using: &dice)
        case .bursts500: delta % 20 == 19 ? .random(in: 400...560, using: &dice) : .random(in: 0...2, using: &dice)
        case .bursts900: .random(in: 750...1_050, using: &dice)
        case .prefill: delta == 0 ? .random(in: 1_500...4_000, using: &dice) : .random(in: 2...12, using: &dice)
        case .trickle: .random(in: 150...550, using: &dice)
        case .stalls: delta % 50 == 49 ? .random(in: 600...2_500, using: &dice) : .random(in: 8...32, using: &dice)
        }
    }
}
