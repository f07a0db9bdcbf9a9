// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials
internal import Gateway

/// `typebar explain REQUEST.json`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says which scenario answers a request, and why each other one does not."
    )

    @Argument(help: "A file with the body of the request, in JSON.")
    var request: String

    @Option(help: "The folder of the scenario files.")
    var scenarios = "config/scenarios"

    @Option(help: "The wire format: openai_chat, openai_responses, anthropic_messages, gemini, ollama_chat, …")
    var format = "openai_chat"

    @Option(help: "The path that the request is sent to. Default: the format's own.")
    var path: String?

    @Option(help: "A field of the request, as \"name: value\". May be repeated.")
    var header: [String] = []

    @Flag(help: "Tells how long it takes to find the scenario, instead.")
    var time = false

    func run() throws {
        let body: Data
        do {
            body = try Data(contentsOf: URL(filePath: request))
        } catch {
            Output.error("\(request): cannot be read. Is the path right?")
            throw ExitStatus.configuration
        }
        do {
            let check = try ScenarioCheck(folder: scenarios)
            if time {
                let match = try check.match(Array(body), format: format, path: path, headers: headers)
                return print(MatchTimes(runs: 20_000, match).line)
            }
            for line in try check.explain(Array(body), format: format, path: path, headers: headers) { print(line) }
        } catch {
            Output.error(error.description)
            throw ExitStatus.configuration
        }
    }

    private var headers: [(name: String, value: String)] {
        header.map { text in
            let parts = text.split(separator: ":", maxSplits: 1)
            let value = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
            return (String(parts.first ?? "").lowercased(), value)
        }
    }
}
