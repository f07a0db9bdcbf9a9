// SPDX-License-Identifier: Apache-2.0

extension AdminSettings {
    /// Reads the section `admin` of a configuration file.
    mutating func read(_ node: ConfigurationNode) throws(ConfigurationProblem) {
        let members = try node.members(known: ["enabled", "key", "requests", "body_bytes"])
        if let node = members["enabled"] {
            switch try node.text() {
            case "true": isEnabled = true
            case "false": isEnabled = false
            case "auto": isEnabled = nil
            default: throw node.problem("has to be true, false or auto")
            }
        }
        if let node = members["key"] {
            let text = try node.text()
            guard !text.isEmpty else { throw node.problem("is empty") }
            key = text
        }
        if let node = members["requests"] { requests = try node.integer(in: 0...1_000_000) }
        if let node = members["body_bytes"] { bodyBytes = try node.integer(in: 1...(1 << 40)) }
    }
}
