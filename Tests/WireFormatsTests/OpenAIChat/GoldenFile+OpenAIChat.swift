// SPDX-License-Identifier: Apache-2.0

import TestSupport

extension GoldenFile {
    /// A transcript of `Golden/openai-chat`, which lies one folder above these tests.
    static func openAIChat(_ name: String, test: String = #filePath) -> GoldenFile {
        let folder = test.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return GoldenFile("openai-chat/\(name)", test: folder)
    }
}
