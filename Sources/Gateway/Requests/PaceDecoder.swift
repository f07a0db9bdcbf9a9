// SPDX-License-Identifier: Apache-2.0

internal import Typewriter
internal import WireFormats

/// Reads the parameters of the pace.
struct PaceDecoder: Sendable {
    /// The parameters that it reads.
    static let names: Set<String> = [
        "unit", "rate", "cadence", "jitter", "pause", "burst", "ttft", "seed", "max_units", "speed", "smooth",
    ]

    /// Smoothing finds a rhythm of its own, and these ask for another one.
    private static let rhythm = ["rate", "cadence", "jitter", "pause", "burst"]
    private static let defaultRate = 40.0
    private static let defaultFirstDelay = 300.0

    /// The configuration's own cadences, by name.
    let cadences: [String: Cadence.Shape]

    /// The pace that `parameters` ask for.
    /// - Parameters:
    ///   - isMock: The mock waits before its first unit; an upstream has a time of its own.
    ///   - speed: Where the parameters tell none.
    func pace(from parameters: ParameterSet, isMock: Bool, speed: Double = 1) throws(RequestProblem) -> Pace {
        let rate = try parameters.decimal("rate", in: 0.1...10_000, or: [0])
        let jitter = try parameters.decimal("jitter", in: 0...1)
        let shape = try shape(named: parameters["cadence"], jitter: jitter)
        let pause = try parameters.decimal("pause", in: 0...10_000) ?? 0
        let firstDelay = try parameters.decimal("ttft", in: 0...60_000) ?? Self.defaultFirstDelay
        let lag = try parameters.decimal("smooth", in: 20...5000, or: [0]) ?? 0
        if lag > 0, let other = Self.rhythm.first(where: { parameters[$0] != nil }) {
            throw ParameterSet.invalid("smooth", parameters["smooth"] ?? "", "0, or given without \(other)")
        }
        let pace = Pace(
            unit: try parameters.choice("unit", of: TextUnit.self) ?? .character,
            rate: rate ?? (shape.ownMeanGap == nil ? Self.defaultRate : nil),
            shape: shape,
            jitter: jitter ?? 0,
            pause: Nanoseconds(pause * 1e6),
            burst: try parameters.integer("burst", in: 1...1000) ?? 1,
            firstDelay: isMock ? Nanoseconds(firstDelay * 1e6) : 0,
            maximumUnits: try parameters.integer("max_units", in: 1...1_000_000),
            targetLag: lag > 0 && !isMock ? Nanoseconds(lag * 1e6) : nil
        )
        return pace.scaled(by: try self.speed(from: parameters) ?? speed)
    }

    /// How many times as fast as asked all is typed; nil where nothing is said.
    func speed(from parameters: ParameterSet) throws(RequestProblem) -> Double? {
        try parameters.decimal("speed", in: 0.01...1000, or: [0])
    }

    /// The seed that is asked for, or a new one.
    func seed(from parameters: ParameterSet) throws(RequestProblem) -> UInt64 {
        try parameters.integer("seed", in: 0...UInt64.max) ?? UInt64.random(in: 0...UInt64.max)
    }

    private func shape(named name: String?, jitter: Double?) throws(RequestProblem) -> Cadence.Shape {
        guard let name else { return jitter ?? 0 == 0 ? .constant : .lognormal }
        if let own = cadences[name] { return own }
        guard let choice = CadenceName(rawValue: name) else {
            let known = CadenceName.allCases.map(\.rawValue) + cadences.keys.sorted()
            throw ParameterSet.invalid("cadence", name, "one of \(known.joined(separator: ", "))")
        }
        if choice == .constant, let jitter, jitter != 0 {
            throw ParameterSet.invalid("jitter", "\(jitter)", "0 where the cadence is constant")
        }
        if choice == .exponential, let jitter, jitter != 1 {
            throw ParameterSet.invalid("jitter", "\(jitter)", "1, or not given, where the cadence is exponential")
        }
        return choice.shape
    }
}
