// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Small files, such as hold certificates.
enum FileContents {
    /// Nil where the file cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
        return ferror(file) == 0 ? bytes : nil
    }
}
