// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import MockModel
internal import Synchronization

/// Cassettes by their files, each read once.
final class CassetteShelf: Sendable {
    private let shelf = Shelf<Cassette>(count: 200, bytes: 256 << 20)

    /// The cassette in the file at `path`.
    func cassette(at path: String) throws(CassetteProblem) -> Cassette {
        if let cassette = shelf[path] { return cassette }
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw CassetteProblem(source: path, line: 1, message: "cannot be read. Is the path right?")
        }
        let cassette = try Cassette(text: Array(data), source: path)
        shelf.put(cassette, as: path, bytes: data.count)
        return cassette
    }
}
