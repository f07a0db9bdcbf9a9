// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

extension HTTP2Limits {
    private static let keys = ["offered", "prior_knowledge", "streams", "resets", "control_frames"]

    /// Reads the section `http2` of a configuration file.
    mutating func read(_ node: ConfigurationNode) throws(ConfigurationProblem) {
        let members = try node.members(known: Self.keys)
        if let node = members["offered"] { isOffered = try node.flag() }
        if let node = members["prior_knowledge"] { takesPriorKnowledge = try node.flag() }
        if let node = members["streams"] { streams = try node.integer(in: 1...100_000) }
        if let node = members["resets"] { resets = try node.integer(in: 1...1_000_000) }
        if let node = members["control_frames"] { controlFrames = try node.integer(in: 1...1_000_000) }
    }
}
