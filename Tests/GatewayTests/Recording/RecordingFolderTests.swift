// SPDX-License-Identifier: Apache-2.0

import Conversation
import Metrics
import MockModel
import Testing
import Upstream

@testable import Gateway

struct RecordingFolderTests {
    private static func record(_ count: Int, _ change: (inout RecordingSettings) -> Void) async throws -> [Cassette] {
        let folder = try TapeFolder(change)
        for number in 0..<count {
            let tap = folder.tap("q\(number)", at: 0)
            tap.received(.head(status: 200, contentType: "a/b"), now: 0)
            tap.received(.body([UInt8](repeating: UInt8(65 + number), count: 100)), now: Int64(number))
            tap.released(as: .whole, now: 100)
        }
        return try await folder.cassettes()
    }

    @Test(arguments: [RecordingSettings.WhenFull.dropOldest, .stop])
    func `a folder holds so many files, the newest or the oldest`(whenFull: RecordingSettings.WhenFull) async throws {
        let cassettes = try await Self.record(7) {
            $0.files = 3
            $0.whenFull = whenFull
        }
        #expect(cassettes.map { $0.reads[0].bytes[0] } == (whenFull == .stop ? [65, 66, 67] : [69, 70, 71]))
    }

    @Test func `a folder holds so many bytes`() async throws {
        let cassettes = try await Self.record(7) { $0.folderBytes = 1500 }
        #expect(cassettes.count == 2 || cassettes.count == 3)
        #expect(cassettes.last?.reads[0].bytes[0] == 71)
        #expect(try await Self.record(1) { $0.folderBytes = 100 }.isEmpty)
    }

    @Test func `a folder that cannot be made is a problem of its own`() {
        #expect(throws: RecordingProblem.self) { try RecordingFolder(RecordingSettings(folder: "/dev/null/tapes")) }
    }
}
