// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// A rate that changes with time: pieces, in each of which it goes straight from one value to another.
public struct RateProfile: Equatable, Sendable {
    struct Piece: Equatable, Sendable {
        /// Requests a second.
        var from: Double
        var to: Double
        /// In seconds; infinite where the rate stays.
        var length: Double

        /// Requests of its first `time` seconds.
        func count(by time: Double) -> Double {
            length.isFinite ? time * (from + (to - from) * time / length / 2) : time * from
        }

        /// When so many requests have begun. The quadratic formula in the form that does not subtract what is alike.
        func time(of count: Double) -> Double {
            guard count > 0 else { return 0 }
            let slope = length.isFinite ? (to - from) / length : 0
            let root = max(from * from + 2 * slope * count, 0).squareRoot()
            return min(2 * count / (from + root), length)
        }
    }

    let pieces: [Piece]
    let summary: String

    /// A rate that stays. With a ramp it begins at 0 and gets there in a straight line.
    public static func constant(_ rate: Double, ramp: Nanoseconds = 0) -> RateProfile {
        let steady = Piece(from: rate, to: rate, length: .infinity)
        guard ramp > 0 else {
            return RateProfile(pieces: [steady], summary: "\(PlanText.number(rate)) a second")
        }
        return RateProfile(
            pieces: [Piece(from: 0, to: rate, length: Double(ramp) / 1e9), steady],
            summary: "\(PlanText.number(rate)) a second after a ramp of \(PlanText.time(ramp))"
        )
    }

    private init(pieces: [Piece], summary: String) {
        self.pieces = pieces
        self.summary = summary
    }

    /// - Parameter text: Stages one after the other: `10:30s` is 10 a second for 30 s, `10-50:1m` goes from 10 to 50.
    public init(stages text: String) throws(PlanProblem) {
        var pieces: [Piece] = []
        for stage in text.split(separator: ",") {
            pieces.append(try Self.piece(String(PlanText.trimmed(stage))))
        }
        guard pieces.contains(where: { $0.from > 0 || $0.to > 0 }) else {
            throw PlanProblem("the stages '\(text)' ask for nothing", example: Self.example)
        }
        self.pieces = pieces
        summary = "stages \(text)"
    }

    private static let example = "10:30s,10-50:1m,50:30s"

    private static func piece(_ text: String) throws(PlanProblem) -> Piece {
        let problem = PlanProblem("the stage '\(text)' is not rate:time or from-to:time", example: example)
        guard let colon = text.firstIndex(of: ":") else { throw problem }
        let ends = text[..<colon].split(separator: "-", omittingEmptySubsequences: false)
        let rates = ends.compactMap { PlanText.decimal($0) }.filter { (0...RequestRate.most).contains($0) }
        guard rates.count == ends.count, (1...2).contains(rates.count), let from = rates.first, let to = rates.last,
            let length = try? DurationText.nanoseconds(String(text[text.index(after: colon)...])), length > 0
        else { throw problem }
        return Piece(from: from, to: to, length: Double(length) / 1e9)
    }

    /// In seconds; infinite where it does not end.
    var length: Double { pieces.reduce(0) { $0 + $1.length } }

    /// Requests of its first `time` seconds.
    func count(by time: Double) -> Double {
        var (left, count) = (time, 0.0)
        for piece in pieces where left > 0 {
            count += piece.count(by: min(left, piece.length))
            left -= piece.length
        }
        return count
    }

    /// When so many requests have begun, in seconds; the end where there are not so many.
    func time(of count: Double) -> Double {
        var clock = RateClock(self)
        return clock.time(of: count)
    }
}
