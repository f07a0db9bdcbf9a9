// SPDX-License-Identifier: Apache-2.0

/// The marks of one scenario by which most requests can be turned away.
struct MarkGate: Sendable {
    /// How many marks are looked at: the rarest ones of the scenario.
    static let count = 4

    /// The numbers; what is left over repeats the first.
    private let marks: SIMD4<UInt32>
    private let isOpen: Bool

    /// - Parameter marks: Their numbers in a ``MarkSet``; the first four count.
    init(_ marks: [Int]) {
        var numbers = SIMD4<UInt32>(repeating: UInt32(marks.first ?? 0))
        for (lane, mark) in marks.prefix(Self.count).enumerated() { numbers[lane] = UInt32(mark) }
        self.marks = numbers
        isOpen = marks.isEmpty
    }

    /// Whether a request with these bits has all marks.
    @inline(__always)
    func lets(_ words: borrowing Span<UInt64>) -> Bool {
        if isOpen { return true }
        for lane in 0..<Self.count {
            let mark = marks[lane]
            guard words[Int(mark >> 6)] >> UInt64(mark & 63) & 1 == 1 else { return false }
        }
        return true
    }
}
