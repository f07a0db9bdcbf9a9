// SPDX-License-Identifier: Apache-2.0

extension RecordingSettings {
    private static let keys = [
        "folder", "max_bytes", "max_files", "folder_bytes", "pending_bytes", "when_full", "scenarios",
    ]

    /// Reads the section `recording` of a configuration file.
    init(_ node: ConfigurationNode) throws(ConfigurationProblem) {
        let members = try node.members(known: Self.keys)
        guard let folder = members["folder"] else { throw node.problem("needs a \"folder\"") }
        self.init(folder: try folder.text())
        guard !self.folder.isEmpty else { throw folder.problem("is empty") }
        if let node = members["max_bytes"] { bytes = try node.integer(in: 1024...(1 << 30)) }
        if let node = members["max_files"] { files = try node.integer(in: 1...100_000) }
        if let node = members["folder_bytes"] { folderBytes = try node.integer(in: 65536...(1 << 40)) }
        if let node = members["pending_bytes"] { pendingBytes = try node.integer(in: 65536...(1 << 40)) }
        if let node = members["when_full"] {
            whenFull = try node.choice(of: WhenFull.allCases.map { ($0.rawValue, $0) })
        }
        if let node = members["scenarios"] { writesScenarios = try node.flag() }
    }
}
