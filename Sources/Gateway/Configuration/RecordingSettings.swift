// SPDX-License-Identifier: Apache-2.0

/// Where what upstreams send is recorded, and how much of it.
public struct RecordingSettings: Equatable, Sendable {
    /// What happens when the folder holds as much as it may.
    public enum WhenFull: String, CaseIterable, Sendable {
        /// The oldest recordings go: only files that are named as recordings are.
        case dropOldest = "drop_oldest"
        /// No more is recorded.
        case stop
    }

    /// Made where it is not there.
    public var folder: String
    /// Bytes of one answer's body; the rest is not kept.
    public var bytes = 4 << 20
    /// Cassettes in the folder.
    public var files = 1000
    /// Bytes of all of them.
    public var folderBytes = 1 << 30
    /// Bytes of all answers that are under way or wait for the disk; one more is not recorded.
    public var pendingBytes = 64 << 20
    public var whenFull = WhenFull.dropOldest
    /// Whether each cassette gets a scenario that plays it.
    public var writesScenarios = true

    public init(folder: String) {
        self.folder = folder
    }
}
