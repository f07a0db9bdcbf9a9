// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a configuration, in one line: where, which key, and what would be right.
public struct ConfigurationProblem: Error, CustomStringConvertible, Sendable {
    /// The file, or what else the value came from: a flag, a variable.
    public var source: String
    /// From 1; nil where there are no lines.
    public var line: Int?
    /// The path of the key, such as `limits.body_bytes`; nil where none is meant.
    public var key: String?
    public var message: String

    public init(source: String, line: Int? = nil, key: String? = nil, message: String) {
        self.source = source
        self.line = line
        self.key = key
        self.message = message
    }

    public var description: String {
        let place = line.map { "\(source):\($0)" } ?? source
        return key.map { "\(place): \($0): \(message)" } ?? "\(place): \(message)"
    }
}
