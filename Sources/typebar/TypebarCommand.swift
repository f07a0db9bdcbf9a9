// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// `typebar`, and its subcommands.
@main
struct TypebarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "typebar",
        abstract: "Types a model's answers into web pages, one character, word or token at a time.",
        subcommands: [
            ServeCommand.self, RecordCommand.self, CheckCommand.self, ExplainCommand.self, AdminCommand.self,
        ]
    )
}
