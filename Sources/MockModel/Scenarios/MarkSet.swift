// SPDX-License-Identifier: Apache-2.0

/// The marks of a request, a bit for each.
struct MarkSet {
    private var words = [UInt64](repeating: 0, count: Mark.count / 64)

    mutating func insert(_ mark: Mark) {
        words[Int(mark.index >> 6)] |= 1 << UInt64(mark.index & 63)
    }

    mutating func insertPairs(of text: [UInt8], in place: Mark.Place) {
        guard var before = text.first else { return }
        for byte in text.dropFirst() {
            insert(Mark(before, byte, in: place))
            before = byte
        }
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
