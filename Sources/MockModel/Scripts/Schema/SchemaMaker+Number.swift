// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension SchemaMaker {
    /// A number that `flat` takes: of the multiples that it asks for, or of 1, or of a quarter.
    mutating func number(_ flat: FlatSchema, isWhole: Bool) -> JSONValue? {
        let range = NumberRange(flat)
        let usual = isWhole ? DecimalNumber(mantissa: 1, scale: 0) : DecimalNumber(mantissa: 25, scale: 2)
        let step = range.step ?? usual
        if let value = multiple(of: step, in: range, isWhole: isWhole) { return value }
        guard !isWhole, range.step == nil else { return nil }
        let middle = range.lower / 2 + range.upper / 2
        let ends = [middle, range.lower, range.upper].filter { $0.isFinite && range.contains($0) }
        return ends.first.map { .number(String($0)) }
    }

    private mutating func multiple(of step: DecimalNumber, in range: NumberRange, isWhole: Bool) -> JSONValue? {
        guard let counts = range.multiples(of: step.value) else { return nil }
        let width = counts.upperBound.subtractingReportingOverflow(counts.lowerBound)
        let reach = width.overflow ? Int.max - 1 : min(width.partialValue, .max - 1)
        let first = counts.lowerBound + pick(reach + 1)
        // The ends may be excluded, and not each multiple is whole.
        let candidates = (0..<64).lazy.map { first &+ $0 } + [counts.lowerBound, counts.upperBound]
        for count in Array(candidates) + (0..<64).map({ counts.lowerBound &+ $0 }) where counts.contains(count) {
            guard let digits = step.times(count) else { continue }
            let value = JSONValue.number(digits)
            if range.contains(value), !isWhole || Int(digits) != nil { return value }
        }
        return nil
    }
}
