// SPDX-License-Identifier: Apache-2.0

/// Writes points in time as RFC 3339 has them, in UTC: `2025-08-21T12:41:00Z`.
public enum RFC3339 {
    private static let secondsADay: Int64 = 86400
    /// From 1970-01-01 to 2000-03-01. Years that begin in March have their leap day at the end, and 400 of them always
    /// have the same number of days.
    private static let daysToMarch2000: Int64 = 11017

    /// - Parameters:
    ///   - unixNanoseconds: Since 1970-01-01; negative before.
    ///   - fractionDigits: Digits after the second's point, 0 to 9; the rest is cut off.
    public static func text(unixNanoseconds: Int64, fractionDigits: Int) -> String {
        let (seconds, nanoseconds) = floored(unixNanoseconds, by: 1_000_000_000)
        let (days, secondOfDay) = floored(seconds, by: secondsADay)
        let date = date(ofDay: days)
        var text: [UInt8] = []
        text.reserveCapacity(30)
        append(date.year, digits: 4, "-", to: &text)
        append(date.month, digits: 2, "-", to: &text)
        append(date.day, digits: 2, "T", to: &text)
        append(secondOfDay / 3600, digits: 2, ":", to: &text)
        append(secondOfDay / 60 % 60, digits: 2, ":", to: &text)
        append(secondOfDay % 60, digits: 2, fractionDigits > 0 ? "." : "Z", to: &text)
        guard fractionDigits > 0 else { return String(decoding: text, as: UTF8.self) }
        append(nanoseconds, digits: 9, "Z", to: &text)
        let surplus = 9 - min(fractionDigits, 9)
        text.removeSubrange(text.count - 1 - surplus..<text.count - 1)
        return String(decoding: text, as: UTF8.self)
    }

    /// - Parameter day: Days since 1970-01-01.
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (cycles, dayOfCycle) = floored(day - daysToMarch2000, by: 146_097)
        // The last century of a cycle, and the last year of four, may have a day more than the others.
        let century = min(dayOfCycle / 36524, 3)
        let dayOfCentury = dayOfCycle - century * 36524
        let dayOfFour = dayOfCentury % 1461
        let yearOfFour = min(dayOfFour / 365, 3)
        let dayOfYear = dayOfFour - yearOfFour * 365
        // From March on the months have 31, 30, 31, 30, 31 days, 153 in all, over and over.
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let year = 2000 + cycles * 400 + century * 100 + dayOfCentury / 1461 * 4 + yearOfFour
        return month < 10 ? (year, month + 3, dayOfMonth) : (year + 1, month - 9, dayOfMonth)
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func append(_ value: Int64, digits: Int, _ mark: Unicode.Scalar, to text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: digits))
        var rest = value
        for index in stride(from: start + digits - 1, through: start, by: -1) {
            text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        text.append(UInt8(ascii: mark))
    }
}
