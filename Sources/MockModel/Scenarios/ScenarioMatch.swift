// SPDX-License-Identifier: Apache-2.0

/// What a scenario does with one request, its templates filled in.
public struct ScenarioMatch: Equatable, Sendable {
    /// The scenario's name.
    public var name: String
    public var reply: ScenarioReply
    /// Parameters by name; empty leaves the pace to others.
    public var pace: [String: String]

    public init(name: String, reply: ScenarioReply, pace: [String: String] = [:]) {
        self.name = name
        self.reply = reply
        self.pace = pace
    }
}
