// SPDX-License-Identifier: Apache-2.0

import MockModel

#if canImport(Glibc)
import Glibc
#endif

/// The example files in `Golden/cassettes`. They are read alone: nothing writes them anew.
enum ExampleCassette: String, CaseIterable {
    /// A chat whose reads end in the middle of a character.
    case text = "openai-chat-text"
    /// A tool call in the middle of which the upstream fell silent.
    case toolTimeout = "openai-chat-tool-timeout"

    var bytes: [UInt8] {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        guard let file = fopen(folder.joined(separator: "/") + "/Golden/cassettes/\(rawValue).jsonl", "r") else {
            return []
        }
        defer { fclose(file) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { content += buffer[..<count] }
        return content
    }

    func cassette() throws -> Cassette {
        try Cassette(text: bytes, source: rawValue)
    }
}
