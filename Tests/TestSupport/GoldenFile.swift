// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#endif

/// A file that holds, byte for byte, what code is to write.
public struct GoldenFile {
    public let path: String

    /// - Parameters:
    ///   - name: The path inside the folder `Golden` beside the test.
    ///   - test: The test's own file: leave it out.
    public init(_ name: String, test: String = #filePath) {
        let folder = test.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        path = "\(folder)/Golden/\(name)"
    }

    /// What the file holds; empty where there is none. With `TYPEBAR_WRITE_GOLDEN=1` in the environment, `actual` is
    /// written to it first: look at the difference before you commit it.
    public func bytes(replacedBy actual: [UInt8]) -> [UInt8] {
        if getenv("TYPEBAR_WRITE_GOLDEN") != nil, let file = fopen(path, "w") {
            fwrite(actual, 1, actual.count, file)
            fclose(file)
        }
        return Self.content(of: path)
    }

    /// What a file holds; empty where there is none.
    public static func content(of path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            content.append(contentsOf: buffer[..<count])
        }
        return content
    }
}
