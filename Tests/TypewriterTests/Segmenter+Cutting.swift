// SPDX-License-Identifier: Apache-2.0

import Typewriter

extension Segmenter {
    /// The ends of the units of `text`; stops early where a unit does not go forward.
    func ends(in text: [UInt8], deltaEnds: [Int] = []) -> [Int] {
        var ends: [Int] = []
        var start = 0
        while let end = end(in: text, from: start, isComplete: true, deltaEnd: deltaEnds.firstEnd(after: start)) {
            guard end > start else { return ends }
            ends.append(end)
            start = end
            if start == text.count { break }
        }
        return ends
    }

    /// The units of `text`, as strings.
    func units(of text: String, deltaEnds: [Int] = []) -> [String] {
        let bytes = Array(text.utf8)
        let ends = ends(in: bytes, deltaEnds: deltaEnds)
        return zip([0] + ends, ends).map { String(decoding: bytes[$0..<$1], as: UTF8.self) }
    }

    /// The units of `text` that comes in deltas of so many scalars, each typed as soon as it is closed.
    func unitsTyped(of text: String, scalars count: Int = 1) -> [String] {
        var bytes: [UInt8] = []
        var (units, start): ([String], Int) = ([], 0)
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            bytes += Array(String(rest.prefix(count)).utf8)
            rest = rest.dropFirst(count)
            while start < bytes.count, let end = end(in: bytes, from: start, isComplete: false) {
                units.append(String(decoding: bytes[start..<end], as: UTF8.self))
                start = end
            }
        }
        return units + self.units(of: String(decoding: bytes[start...], as: UTF8.self))
    }

    /// ``unitEnd(in:from:isComplete:deltaEnd:)`` of an array; nil at the end of an empty text.
    func end(in text: [UInt8], from start: Int, isComplete: Bool, deltaEnd: Int? = nil) -> Int? {
        guard start < text.count else { return nil }
        return unitEnd(in: text.span, from: start, isComplete: isComplete, deltaEnd: deltaEnd)
    }
}

extension String {
    /// The end of each `Character` in UTF-8.
    var characterEnds: [Int] {
        var end = 0
        return map { character in
            end += character.utf8.count
            return end
        }
    }

    /// Whether the scalars are the same, one by one.
    func isIdentical(to other: String) -> Bool {
        unicodeScalars.elementsEqual(other.unicodeScalars)
    }
}
