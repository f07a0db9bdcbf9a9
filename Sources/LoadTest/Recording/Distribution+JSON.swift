// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Typewriter

extension Distribution {
    /// The percentiles that reports tell, and their names.
    static let told: [(name: String, q: Double)] = [
        ("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999),
    ]

    /// Writes an object: `sum`, in nanoseconds, and the bins of `histogram`, each a value in microseconds (or in the
    /// unit's own) and how often, make it whole again; percentiles of too few values are null.
    func appendJSON(to text: inout JSONText, unit: Metric.Unit) {
        text.object { text in
            text.member("unit", unit.rawValue)
            text.member("count", count)
            text.member("sum", Int(sum))
            Self.append("mean", mean.map { $0.rounded() }, unit, to: &text)
            Self.append("min", minimum.map(Double.init), unit, to: &text)
            for (name, q) in Self.told {
                Self.append(name, enoughFor(q) ? percentile(q).map(Double.init) : nil, unit, to: &text)
            }
            Self.append("max", maximum.map(Double.init), unit, to: &text)
            text.arrayMember("histogram") { text in
                eachBin { bin in
                    text.array { text in
                        text.number(Int(bin.value / 1000))
                        text.number(bin.count)
                    }
                    return true
                }
            }
        }
    }

    init(_ field: RecordField, unit: Metric.Unit) throws(RecordProblem) {
        self.init()
        guard try field.count("count") > 0 else { return }
        var bins: [Bin] = []
        for element in try field.member("histogram").elements(atMost: Self.mostBins) {
            let pair = try element.elements(atMost: 2)
            guard pair.count == 2 else { throw element.problem("a value and how often it occurred") }
            let value = try pair[0].count()
            guard value <= Self.longest / 1000 else { throw pair[0].problem("a value within two hours") }
            bins.append(Bin(value: Nanoseconds(value) * 1000, count: try pair[1].count()))
        }
        let minimum = try field.member("min").time(unit)
        let maximum = try field.member("max").time(unit)
        let sum = Nanoseconds(try field.count("sum"))
        guard let whole = Distribution(bins: bins, sum: sum, minimum: minimum, maximum: maximum) else {
            throw field.problem("a distribution whose bins ascend from its min to its max")
        }
        self = whole
    }

    /// More than 2 h in three digits can fill.
    private static let mostBins = 32_768

    private static func append(_ name: String, _ value: Double?, _ unit: Metric.Unit, to text: inout JSONText) {
        text.name(name)
        if let value { text.number(value / unit.scale) } else { text.null() }
    }
}
