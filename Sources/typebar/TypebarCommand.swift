// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Gateway
internal import Glibc

/// `typebar`, and its subcommands.
@main
struct TypebarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "typebar",
        abstract: "Types a model's answers into web pages, one character, word or token at a time.",
        version: Version.text,
        subcommands: [
            ServeCommand.self, BenchCommand.self, RecordCommand.self, CheckCommand.self, ExplainCommand.self,
            AdminCommand.self,
        ]
    )

    /// What is typed wrongly ends `bench` with 2, as load testers do, and all else with 64 (EX_USAGE).
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            guard CommandLine.arguments.dropFirst().first == "bench", exitCode(for: error) == .validationFailure else {
                exit(withError: error)
            }
            Output.text(fullMessage(for: error))
            Glibc.exit(ExitStatus.benchUsage.rawValue)
        }
    }
}
