// SPDX-License-Identifier: Apache-2.0

/// One scenario, in a list of them.
public struct ScenarioSummary: Equatable, Sendable {
    public var name: String
    /// File and line.
    public var place: String
    /// How often it has answered, in all sessions.
    public var uses: Int
    /// How often it may answer in a session; nil is always.
    public var times: Int?
    public var weight: Double?
    /// Its conditions, in one line.
    public var when: String

    public init(name: String, place: String, uses: Int, times: Int?, weight: Double?, when: String) {
        self.name = name
        self.place = place
        self.uses = uses
        self.times = times
        self.weight = weight
        self.when = when
    }
}
