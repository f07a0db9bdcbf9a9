// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A folder of scenario files: each `*.yaml` and `*.yml` in it, in the order of their names; hidden files are not read.
public struct ScenarioFolder: Sendable {
    /// What tells that a file has changed.
    public struct Entry: Hashable, Sendable {
        let name: String
        let bytes: Int
        /// Unix time in nanoseconds.
        let modified: Int64
    }

    private static let maximumBytes = 16 << 20

    public let path: String

    public init(_ path: String) {
        self.path = path
    }

    /// The files as they are now: another value when one has come, gone or changed.
    public func fingerprint() throws(ScenarioProblem) -> [Entry] {
        guard let folder = opendir(path) else { throw problem(path, "cannot be read") }
        defer { closedir(folder) }
        var entries: [Entry] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix("."), name.hasSuffix(".yaml") || name.hasSuffix(".yml") else { continue }
            var status = stat()
            // It may have gone since.
            guard stat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            let modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
            entries.append(Entry(name: name, bytes: Int(status.st_size), modified: modified))
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The texts of the files.
    public func sources() throws(ScenarioProblem) -> [ScenarioSource] {
        var sources: [ScenarioSource] = []
        for entry in try fingerprint() { sources.append(try source("\(path)/\(entry.name)")) }
        return sources
    }

    private func source(_ path: String) throws(ScenarioProblem) -> ScenarioSource {
        guard let file = fopen(path, "re") else { throw problem(path, "cannot be read") }
        defer { fclose(file) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            content.append(contentsOf: buffer[..<count])
            guard content.count <= Self.maximumBytes else {
                throw ScenarioProblem(source: path, message: "has to be 16 MiB or shorter")
            }
        }
        guard ferror(file) == 0 else { throw problem(path, "cannot be read") }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw ScenarioProblem(source: path, message: "is not valid UTF-8")
        }
        return ScenarioSource(path: path, text: text)
    }

    /// A problem of which `errno` has the cause.
    private func problem(_ path: String, _ message: String) -> ScenarioProblem {
        ScenarioProblem(source: path, message: "\(message): \(String(cString: strerror(errno)))")
    }
}
