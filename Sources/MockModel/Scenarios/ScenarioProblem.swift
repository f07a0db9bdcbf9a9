// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a scenario file, in one line: where, which key, and what would be right.
public struct ScenarioProblem: Error, CustomStringConvertible, Equatable, Sendable {
    /// The file or folder.
    public var source: String
    /// From 1; nil where the whole file is meant.
    public var line: Int?
    /// The path of the key, such as `[2].when.model`; nil where none is meant.
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
