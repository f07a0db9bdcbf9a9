// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import FoundationEssentials
internal import MockModel
internal import Typewriter
internal import WireFormats

/// Reads scenario files and tries requests on them, without a server: for the command line.
public struct ScenarioCheck {
    private let library: ScenarioLibrary

    /// Why nothing can be said.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Reads the files of `folder`.
    public init(folder: String, configuration: GatewayConfiguration = GatewayConfiguration()) throws(Failure) {
        var loader = ScenarioLoader(path: folder, paces: PaceDecoder(cadences: configuration.cadences))
        do throws(ScenarioProblem) {
            library = try loader.load()
        } catch {
            throw Failure(description: error.description)
        }
        try openCassettes()
    }

    /// Reads one file; nil where it holds no scenarios.
    public init?(file: String) throws(Failure) {
        guard let data = try? Data(contentsOf: URL(filePath: file)) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        let isScenarioFile = text.split(separator: "\n").contains {
            $0.hasPrefix("scenarios:") || $0.hasPrefix("- name:")
        }
        guard isScenarioFile else { return nil }
        do throws(ScenarioProblem) {
            let checks = ScenarioLoader.checks(PaceDecoder(cadences: [:]))
            library = try ScenarioLibrary([ScenarioSource(path: file, text: text)], checks: checks)
        } catch {
            throw Failure(description: error.description)
        }
        try openCassettes()
    }

    private func openCassettes() throws(Failure) {
        let shelf = CassetteShelf()
        for (place, path) in library.cassettes {
            do throws(CassetteProblem) {
                _ = try shelf.cassette(at: path)
            } catch {
                throw Failure(description: "\(place): its cassette \(error)")
            }
        }
    }

    /// How many there are.
    public var count: Int { ScenarioBook(library).list().count }

    /// Which scenario answers a request, and why each other one does not, a line for each.
    /// - Parameters:
    ///   - format: The raw value of a ``WireFormat``.
    ///   - headers: Names in lower case.
    public func explain(
        _ body: [UInt8],
        format: String,
        path: String?,
        headers: [(name: String, value: String)]
    ) throws(Failure) -> [String] {
        let input = try input(body, format: format, path: path, headers: headers)
        let verdicts = ScenarioBook(library).explain(input, session: "")
        var isFirst = true
        var lines = verdicts.map { verdict in
            guard let failure = verdict.failure else {
                defer { isFirst = false }
                return "\(isFirst ? "MATCH " : "also  ") \(verdict.name) (\(verdict.place))"
            }
            return "no     \(verdict.name) (\(verdict.place)): \(failure)"
        }
        if !verdicts.contains(where: \.isMatch) { lines.append("No scenario matches: the built-in mock answers.") }
        return lines
    }

    /// Finds the scenario that answers a request, each time anew: to see how long that takes.
    public func match(
        _ body: [UInt8],
        format: String,
        path: String?,
        headers: [(name: String, value: String)]
    ) throws(Failure) -> () -> Void {
        let input = try input(body, format: format, path: path, headers: headers)
        let book = ScenarioBook(library)
        return { _ = book.match(input, session: "", seed: 1) }
    }

    private func input(
        _ body: [UInt8],
        format: String,
        path: String?,
        headers: [(name: String, value: String)]
    ) throws(Failure) -> ScenarioInput {
        guard let format = WireFormat(rawValue: format) else {
            let known = WireFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(description: "--format has to be one of \(known)")
        }
        do throws(RequestProblem) {
            return try ExplainedRequest.input(body: body, format: format, path: path, headers: headers)
        } catch {
            throw Failure(description: "the request: \(error.message)")
        }
    }
}
