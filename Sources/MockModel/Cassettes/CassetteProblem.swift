// SPDX-License-Identifier: Apache-2.0

/// Why a file is no cassette, and where.
public struct CassetteProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file's name.
    public var source: String
    /// From 1.
    public var line: Int
    /// What was wrong and what to do.
    public var message: String

    public init(source: String, line: Int, message: String) {
        self.source = source
        self.line = line
        self.message = message
    }

    public var description: String { "\(source):\(line): \(message)" }
}
