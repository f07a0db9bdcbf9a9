// SPDX-License-Identifier: Apache-2.0

import Typewriter

/// A unit that was typed, and when it was due.
struct TypedUnit: Equatable, CustomStringConvertible {
    let text: String
    let due: Nanoseconds

    init(text: String, due: Nanoseconds) {
        self.text = text
        self.due = due
    }

    init(_ text: String, _ milliseconds: Double) {
        self.init(text: text, due: Nanoseconds((milliseconds * 1e6).rounded()))
    }

    /// Scalar by scalar: "é" equals "e\u{301}" as a string.
    static func == (one: TypedUnit, other: TypedUnit) -> Bool {
        one.due == other.due && one.text.unicodeScalars.elementsEqual(other.text.unicodeScalars)
    }

    var description: String { "\(text.debugDescription) at \(Double(due) / 1e6) ms" }
}

extension [TypedUnit] {
    /// Units of one character each.
    init(_ characters: String, at milliseconds: [Double]) {
        self = zip(characters, milliseconds).map { TypedUnit(String($0), $1) }
    }

    /// Where the two part for the first time, in words; nil where they are the same.
    func difference(from other: [TypedUnit]) -> String? {
        if self == other { return nil }
        let same = zip(self, other).prefix { $0 == $1 }.count
        return "unit \(same) is \(dropFirst(same).first.map(\.description) ?? "missing"), "
            + "not \(other.dropFirst(same).first.map(\.description) ?? "missing")"
    }
}
