// SPDX-License-Identifier: Apache-2.0

extension ParameterSet {
    /// A plain decimal number in `range`, or in `alternatives`; nil where it is not given.
    public func decimal(
        _ name: String,
        in range: ClosedRange<Double>,
        or alternatives: [Double] = []
    ) throws(RequestProblem) -> Double? {
        guard let text = self[name] else { return nil }
        let allowed = alternatives.map { Self.plain($0) + " or " }.joined()
        let bounds = "\(allowed)\(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))"
        guard Self.isPlainDecimal(text), let value = Double(text),
            range.contains(value) || alternatives.contains(value)
        else { throw Self.invalid(name, text, "a plain decimal number, \(bounds)") }
        return value
    }

    /// A whole number in `range`; nil where it is not given.
    public func integer<Value: FixedWidthInteger>(
        _ name: String,
        in range: ClosedRange<Value>
    ) throws(RequestProblem) -> Value? {
        guard let text = self[name] else { return nil }
        guard Self.isDigits(text), let value = Value(text), range.contains(value) else {
            throw Self.invalid(name, text, "a whole number, \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// One of the raw values of an enumeration; nil where it is not given.
    public func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String,
        of type: Choice.Type
    ) throws(RequestProblem) -> Choice? where Choice.RawValue == String {
        guard let text = self[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw Self.invalid(name, text, "one of \(type.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    /// A list of names with commas between them; empty where it is not given.
    public func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ name: String,
        of type: Choice.Type
    ) throws(RequestProblem) -> Set<Choice> where Choice.RawValue == String {
        guard let text = self[name], !text.isEmpty else { return [] }
        var chosen: Set<Choice> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let choice = Choice(rawValue: String(item)) else {
                let known = type.allCases.map(\.rawValue).joined(separator: ", ")
                throw Self.invalid(name, text, "a list, with commas, of \(known)")
            }
            chosen.insert(choice)
        }
        return chosen
    }

    /// The problem of a value that is not what it has to be.
    public static func invalid(_ name: String, _ text: String, _ expected: String) -> RequestProblem {
        // An ill-placed prompt must not come back whole in an error.
        let shown = text.count > 40 ? text.prefix(40) + "…" : text[...]
        return RequestProblem(
            code: "invalid_parameter",
            message: "\"\(name)\" is \"\(shown)\", and has to be \(expected).",
            parameter: name
        )
    }

    private static func isDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isPlainDecimal(_ text: String) -> Bool {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.allSatisfy { isDigits($0) }
    }

    private static func plain(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? String(value)
    }
}
