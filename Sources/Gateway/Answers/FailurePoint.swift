// SPDX-License-Identifier: Apache-2.0

internal import MockModel
internal import Typewriter

/// Watches whether an answer that is rendered ahead has passed the place at which it is to fail.
struct FailurePoint {
    private let place: Fault.Place
    private var units = 0
    private var hasPassed: Bool

    /// - Parameter hasPassed: It is here.
    init(_ place: Fault.Place, hasPassed: Bool = false) {
        self.place = place
        self.hasPassed = hasPassed
    }

    /// So many more units have been rendered, with which the body has so many bytes; true from the place on.
    mutating func passes(units more: Int, bytes: Int) -> Bool {
        units += more
        switch place {
        case .unit(let limit): hasPassed = hasPassed || units > limit
        case .byte(let limit): hasPassed = hasPassed || bytes > limit
        case .time: hasPassed = true
        }
        return hasPassed
    }

    /// It is told by time, and that has not come.
    func isTimed(after elapsed: Nanoseconds) -> Bool {
        if case .time(let time) = place { elapsed < time } else { false }
    }
}
