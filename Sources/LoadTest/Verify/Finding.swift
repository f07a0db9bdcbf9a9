// SPDX-License-Identifier: Apache-2.0

/// One thing that is not as it should be, or that is worth knowing.
public struct Finding: Equatable, Sendable {
    public enum Severity: String, Sendable {
        case error
        /// Allowed, but not what every client copes with.
        case note
    }

    public var kind: FindingKind
    /// The event, counted from 1; nil where it is of no event.
    public var event: Int?
    /// In bytes of the body.
    public var offset: Int?
    public var seen: String
    /// Empty where nothing is to be said of it.
    public var expected: String
    /// How often it was found; the rest tells of the first time.
    public var count = 1

    public var severity: Severity { kind.severity }

    /// `reorder at event 5, byte 812: …`
    public var line: String {
        var place: [String] = []
        if let event { place.append("event \(event)") }
        if let offset { place.append("byte \(offset)") }
        var line = (severity == .note ? "note: " : "") + kind.rawValue
        if !place.isEmpty { line += " at " + place.joined(separator: ", ") }
        line += ": " + seen
        if !expected.isEmpty { line += "; expected " + expected }
        return count > 1 ? line + " (\(count) times)" : line
    }
}
