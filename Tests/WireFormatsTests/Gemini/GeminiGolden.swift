// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// The golden files of this format, which are with those of the other formats.
enum GeminiGolden {
    static func bytes(_ name: String, replacedBy actual: [UInt8]) -> [UInt8] {
        let path = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        let target = path.dropLast(2).joined(separator: "/")
        return GoldenFile("gemini/\(name)", test: "\(target)/Tests.swift").bytes(replacedBy: actual)
    }
}
