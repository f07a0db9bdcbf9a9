// SPDX-License-Identifier: Apache-2.0

/// Writes metrics in Prometheus's text format 0.0.4
/// (<https://prometheus.io/docs/instrumenting/exposition_formats/>), each name with the prefix `typebar_`.
///
/// Begin a family, then write its samples; samples of a family stand together, and no two have the same labels.
public struct PrometheusText {
    /// The content type of a response that holds such text.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// What a family's values are.
    public enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    public typealias Labels = KeyValuePairs<String, String>

    public private(set) var bytes: [UInt8] = []
    private var family = ""

    public init() {}

    /// - Parameters:
    ///   - name: Without the prefix; a counter's ends in `_total`.
    ///   - help: One sentence for people.
    public mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        family = "typebar_\(name)"
        append("# HELP \(family) ")
        appendEscaped(help, isQuoted: false)
        append("\n# TYPE \(family) \(kind.rawValue)\n")
    }

    public mutating func sample(_ labels: Labels, _ value: Int) {
        line("", labels, String(value))
    }

    public mutating func sample(_ labels: Labels, _ value: Double) {
        line("", labels, Self.text(value))
    }

    /// A family with one sample.
    public mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        begin(name, kind, help)
        sample([:], value)
    }

    /// A family with one histogram.
    public mutating func single(_ name: String, _ help: String, _ histogram: Histogram) {
        begin(name, .histogram, help)
        sample([:], histogram)
    }

    /// All lines of a histogram, its times in seconds.
    public mutating func sample(_ labels: Labels, _ histogram: Histogram) {
        var count = 0
        for index in 0..<HistogramScale.bounds {
            count += histogram.count(at: index)
            line("_bucket", labels, String(count), bound: Self.text(histogram.scale.seconds(at: index)))
        }
        line("_bucket", labels, String(histogram.count), bound: "+Inf")
        line("_sum", labels, Self.text(histogram.sum))
        line("_count", labels, String(histogram.count))
    }

    // MARK: Bytes

    private mutating func line(_ suffix: String, _ labels: Labels, _ value: String, bound: String? = nil) {
        append(family)
        append(suffix)
        var separator = "{"
        for (name, value) in labels {
            append("\(separator)\(name)=\"")
            appendEscaped(value, isQuoted: true)
            append("\"")
            separator = ","
        }
        if let bound { append("\(separator)le=\"\(bound)\"") }
        if bound != nil || !labels.isEmpty { append("}") }
        append(" \(value)\n")
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// A label's value escapes quotes too, a help text does not.
    private mutating func appendEscaped(_ text: String, isQuoted: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\"") where isQuoted: append("\\\"")
            default: bytes.append(byte)
            }
        }
    }

    /// A number as Go's `ParseFloat` reads it, whole ones without a fraction.
    private static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int(exactly: value).map(String.init) ?? String(value)
    }
}
