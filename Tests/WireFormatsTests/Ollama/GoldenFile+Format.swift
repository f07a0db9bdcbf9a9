// SPDX-License-Identifier: Apache-2.0

import TestSupport

extension GoldenFile {
    /// A file of `Golden/`, which lies one folder above the tests of each format.
    static func format(_ name: String, test: String = #filePath) -> GoldenFile {
        let folder = test.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return GoldenFile(name, test: folder)
    }
}
