// SPDX-License-Identifier: Apache-2.0

extension Assertion {
    /// `SUBJECT COMPARISON LIMIT`: a metric with a statistic (`ttft.p99`, `stall.count`) or a total (`errors`); `<` `<=` `>`
    /// `>=` `==` `!=`; a number with `us`, `ms`, `s` or `%`. A time without a unit is in milliseconds, as in `--goodput`.
    public init(_ text: String) throws(InvalidAssertion) {
        func invalid(_ reason: String) -> InvalidAssertion { InvalidAssertion(text: text, reason: reason) }

        let compact = text.filter { $0 != " " }
        guard let start = compact.firstIndex(where: { "<>=!".contains($0) }),
            let comparison = Comparison.allCases.first(where: { compact[start...].hasPrefix($0.rawValue) })
        else { throw invalid("there is no comparison in it: <, <=, >, >=, == or !=") }
        let subject = try Self.subject(compact[..<start], invalid)
        let limit = compact[start...].dropFirst(comparison.rawValue.count)
        guard let (number, unit) = Self.limit(limit, of: subject) else {
            throw invalid("'\(limit.description.printable)' is no limit: it takes \(Self.limits(of: subject))")
        }
        self.init(text: text, subject: subject, comparison: comparison, limit: number, unit: unit)
    }

    private static func subject(
        _ text: Substring,
        _ invalid: (String) -> InvalidAssertion
    ) throws(InvalidAssertion) -> Subject {
        if let total = Total(rawValue: String(text)) { return .total(total) }
        guard let point = text.firstIndex(of: ".") else {
            throw invalid(
                Metric(rawValue: String(text)) == nil
                    ? unknown(text, Total.allCases.map(\.rawValue))
                    : "say which figure of \(text): mean, min, p50, p90, p95, p99, p99.9, max or count"
            )
        }
        guard let metric = Metric(rawValue: String(text[..<point])) else {
            throw invalid(unknown(text[..<point], Metric.allCases.map(\.rawValue)))
        }
        let name = text[text.index(after: point)...]
        guard let statistic = Statistic(name: name) else {
            throw invalid(unknown(name, ["mean", "min", "p50", "p90", "p95", "p99", "p99.9", "max", "count"]))
        }
        return .metric(metric, statistic)
    }

    private static func unknown(_ name: Substring, _ known: [String]) -> String {
        "'\(String(name).printable)' is none of \(known.joined(separator: ", "))"
    }

    /// The limit in the unit that the measured value is told in.
    private static func limit(_ text: Substring, of subject: Subject) -> (Double, Unit)? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits) else { return nil }
        let isTime: Bool
        switch subject {
        case .metric(_, .count): isTime = false
        case .metric(let metric, _): isTime = metric.unit == .milliseconds
        case .total: isTime = false
        }
        switch (text[digits.endIndex...], isTime) {
        case ("us", true), ("µs", true): return (number / 1000, .milliseconds)
        case ("ms", true), ("", true): return (number, .milliseconds)
        case ("s", true): return (number * 1000, .milliseconds)
        case ("%", false): return subject.isShare ? (number, .percent) : nil
        case ("", false): return subject.isCount ? (number, .plain) : nil
        default: return nil
        }
    }

    private static func limits(of subject: Subject) -> String {
        switch (subject.isShare, subject.isCount) {
        case (true, true): "a number, or a number and %"
        case (true, false): "a number and %"
        case (false, true): "a number"
        case (false, false): "a number and us, ms or s"
        }
    }
}

extension Assertion.Subject {
    fileprivate var isShare: Bool {
        switch self {
        case .metric(_, .count): false
        case .metric(let metric, _): metric.unit == .millionths
        case .total(.errors), .total(.goodput), .total(.stalledStreams), .total(.stalledTime), .total(.sharedReads):
            true
        case .total: false
        }
    }

    fileprivate var isCount: Bool {
        switch self {
        case .metric(_, .count): true
        case .metric(let metric, _): metric.unit == .thousandths
        case .total(.stalledStreams), .total(.stalledTime), .total(.sharedReads): false
        case .total: true
        }
    }
}
