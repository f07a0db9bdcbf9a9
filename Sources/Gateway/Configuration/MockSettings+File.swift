// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import MockModel
internal import WireFormats

extension MockSettings {
    private static let keys = ["scenarios", "seed", "speed", "models", "defaults", "hold_seconds"]

    /// Reads the section `mock` of a configuration file.
    mutating func read(_ node: ConfigurationNode) throws(ConfigurationProblem) {
        let members = try node.members(known: Self.keys)
        if let node = members["scenarios"] { scenarios = try node.text() }
        if let node = members["seed"] {
            guard let seed = UInt64(try node.text()) else {
                throw node.problem("has to be a whole number, 0 to \(UInt64.max)")
            }
            self.seed = seed
        }
        if let node = members["speed"] { speed = try Self.speed(node) }
        if let node = members["hold_seconds"] { holdSeconds = try node.decimal(in: 0...3600) }
        if let node = members["models"] {
            var names: [String] = []
            for item in try node.items() { names.append(try item.text()) }
            models = names
        }
        if let node = members["defaults"] { try readDefaults(node) }
    }

    /// Whether `value` can be a speed.
    public static func isSpeed(_ value: Double) -> Bool {
        value == 0 || (0.01...1000).contains(value)
    }

    private static func speed(_ node: ConfigurationNode) throws(ConfigurationProblem) -> Double {
        let value = try node.decimal(in: 0...1000)
        guard isSpeed(value) else { throw node.problem("has to be 0, or 0.01 to 1000") }
        return value
    }

    private mutating func readDefaults(_ node: ConfigurationNode) throws(ConfigurationProblem) {
        let formats = WireFormat.allCases.map(\.rawValue).filter { $0 != WireFormat.plainStream.rawValue }
        for (format, item) in try node.members(known: ["default"] + formats) {
            var values: [String: String] = [:]
            for (name, value) in try item.members(known: MockParameters.names.sorted()) {
                values[name] = try value.text()
            }
            defaults[format] = values
        }
    }

    /// Whether the parameters that hold where a request does not say can be read.
    func check(cadences: PaceDecoder) throws(ConfigurationProblem) {
        for (format, values) in defaults {
            if let complaint = ScenarioLoader.checks(cadences).pace(values) {
                throw ConfigurationProblem(source: "mock.defaults", key: format, message: complaint)
            }
        }
    }
}
