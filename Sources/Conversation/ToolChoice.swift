// SPDX-License-Identifier: Apache-2.0

/// Whether the model has to call a tool.
public enum ToolChoice: Equatable, Sendable {
    case auto
    case none
    /// Some tool, whichever.
    case required
    case named(String)
}
