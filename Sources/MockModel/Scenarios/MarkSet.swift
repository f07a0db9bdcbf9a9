// SPDX-License-Identifier: Apache-2.0

/// The marks of a request, a bit for each: first those of facts, then those of literals.
struct MarkSet {
    private var words: [UInt64]

    /// - Parameter count: How many marks there are.
    init(count: Int) {
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
    }

    mutating func insert(_ number: Int) {
        words[number >> 6] |= 1 << UInt64(number & 63)
    }

    func contains(_ number: Int) -> Bool {
        words[number >> 6] >> UInt64(number & 63) & 1 == 1
    }

    /// Literals have no number of their own: a ``LiteralScanner`` inserts them.
    mutating func insert(_ mark: Mark) {
        if case .fact(let hash) = mark { insert(Int(hash)) }
    }

    /// The numbers of the gates that let this request pass, in their order.
    func passes(_ gates: [MarkGate]) -> [Int] {
        var passed: [Int] = []
        let words = words.span
        let gates = gates.span
        for index in gates.indices where gates[index].lets(words) { passed.append(index) }
        return passed
    }
}
