// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc
internal import MockModel
internal import Synchronization

/// Cassettes by their files, each read again only when it has changed.
final class CassetteShelf: Sendable {
    private let shelf = Shelf<Cassette>(count: 200, bytes: 256 << 20)

    /// The cassette in the file at `path`.
    func cassette(at path: String) throws(CassetteProblem) -> Cassette {
        let name = "\(path)\n\(Self.version(of: path))"
        if let cassette = shelf[name] { return cassette }
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw CassetteProblem(source: path, line: 1, message: "cannot be read. Is the path right?")
        }
        let cassette = try Cassette(text: Array(data), source: path)
        shelf.put(cassette, as: name, bytes: data.count)
        return cassette
    }

    /// Changes when the file does.
    private static func version(of path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "" }
        return "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_size)"
    }
}
