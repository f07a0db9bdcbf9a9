// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// The numbers that a schema takes.
struct NumberRange {
    private(set) var lower = -Double.infinity
    private(set) var upper = Double.infinity
    private var excludesLower = false
    private var excludesUpper = false
    /// `multipleOf`, where it is over 0.
    let step: DecimalNumber?

    /// Reads both forms of the exclusive bounds: numbers, and the flags of draft 4.
    init(_ flat: FlatSchema) {
        step = flat["multipleOf"].flatMap(DecimalNumber.init).flatMap { $0.mantissa > 0 ? $0 : nil }
        if let minimum = flat.number("minimum") { lower = minimum }
        if let maximum = flat.number("maximum") { upper = maximum }
        excludesLower = flat["exclusiveMinimum"]?.bool ?? false
        excludesUpper = flat["exclusiveMaximum"]?.bool ?? false
        if let bound = flat.number("exclusiveMinimum"), bound >= lower { (lower, excludesLower) = (bound, true) }
        if let bound = flat.number("exclusiveMaximum"), bound <= upper { (upper, excludesUpper) = (bound, true) }
    }

    func contains(_ value: JSONValue) -> Bool {
        guard let number = value.double, contains(number) else { return false }
        guard let step else { return true }
        let quotient = number / step.value
        return abs(quotient - quotient.rounded()) < 1e-9
    }

    func contains(_ number: Double) -> Bool {
        (excludesLower ? number > lower : number >= lower) && (excludesUpper ? number < upper : number <= upper)
    }

    /// The whole numbers `k` near which `k` times `step` lies in the range: no more than a hundred where one end is
    /// open.
    func multiples(of step: Double) -> ClosedRange<Int>? {
        let first = lower.isFinite ? Int(exactly: (lower / step).rounded(.up)) : nil
        let last = upper.isFinite ? Int(exactly: (upper / step).rounded(.down)) : nil
        guard (first != nil) == lower.isFinite, (last != nil) == upper.isFinite else { return nil }
        let reach = 99
        switch (first, last) {
        case (nil, nil): return 1...reach
        case (let first?, nil): return first < .max - reach ? first...(first + reach) : nil
        case (nil, let last?):
            guard last > .min + reach else { return nil }
            return last >= 1 ? max(1, last - reach)...last : (last - reach)...last
        case (let first?, let last?): return first <= last ? first...last : nil
        }
    }
}
