// SPDX-License-Identifier: Apache-2.0

/// A piece of a tool call: the first names the tool, the others add to its arguments.
public struct ToolCallDelta: Equatable, Sendable {
    /// Which of the parallel calls this belongs to, from 0.
    public var index: Int
    public var id: String?
    public var name: String?
    /// A piece of the JSON text of the arguments.
    public var arguments: [UInt8]

    public init(index: Int, id: String?, name: String?, arguments: [UInt8]) {
        self.index = index
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
