// SPDX-License-Identifier: Apache-2.0

/// What scenarios hold in the notation of others, who read and check it when a file is loaded.
public struct ScenarioChecks: Sendable {
    /// What is wrong with a text, and what would be right.
    public struct Complaint: Error, Equatable, Sendable {
        public var message: String

        public init(_ message: String) {
            self.message = message
        }
    }

    /// Reads the text of a fault, such as `reset` or `stall=500`.
    public var fault: @Sendable (String) -> Result<[Fault], Complaint>
    /// Tells what is wrong with the parameters of a pace; nil is nothing.
    public var pace: @Sendable ([String: String]) -> String?

    public init(
        fault: @escaping @Sendable (String) -> Result<[Fault], Complaint>,
        pace: @escaping @Sendable ([String: String]) -> String?
    ) {
        self.fault = fault
        self.pace = pace
    }
}
