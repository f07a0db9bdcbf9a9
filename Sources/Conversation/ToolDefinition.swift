// SPDX-License-Identifier: Apache-2.0

public import JSON

/// A tool that the model may call.
public struct ToolDefinition: Equatable, Sendable {
    public var name: String
    public var description: String?
    /// The JSON Schema of its arguments; nil where none is given.
    public var parameters: JSONValue?

    public init(name: String, description: String? = nil, parameters: JSONValue? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}
