// SPDX-License-Identifier: Apache-2.0

/// A whole call of a tool.
public struct ToolCall: Equatable, Sendable {
    /// Empty where the format has none.
    public var id: String
    public var name: String
    /// The JSON text of the arguments, as the model wrote it: it may be broken.
    public var arguments: [UInt8]

    public init(id: String, name: String, arguments: [UInt8]) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
