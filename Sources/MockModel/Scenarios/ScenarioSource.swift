// SPDX-License-Identifier: Apache-2.0

/// The text of a scenario file.
public struct ScenarioSource: Equatable, Sendable {
    /// Where it stands, for problems and for the cassettes it names, which are relative to it.
    public var path: String
    /// YAML.
    public var text: String

    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}
