// SPDX-License-Identifier: Apache-2.0

/// Tells when a profile's requests begin; asked in their order, so that it need not search.
struct RateClock {
    private let pieces: [RateProfile.Piece]
    private var index = 0
    /// Requests and seconds of the pieces before this one.
    private var countBefore = 0.0
    private var timeBefore = 0.0

    init(_ profile: RateProfile) {
        pieces = profile.pieces
    }

    /// In seconds.
    /// - Parameter count: Requests before it, no fewer than when last asked; whole or not.
    mutating func time(of count: Double) -> Double {
        while index < pieces.count {
            let piece = pieces[index]
            let within = piece.count(by: piece.length)
            if count - countBefore < within { return timeBefore + piece.time(of: count - countBefore) }
            countBefore += within
            timeBefore += piece.length
            index += 1
        }
        return timeBefore
    }
}
