// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Gateway

/// `typebar check FILE`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads a configuration file and says what is wrong with it."
    )

    @Argument(help: "The file, in YAML.")
    var file: String

    func run() throws {
        do {
            _ = try ConfigurationSource.read(file: file)
        } catch {
            Output.error(error.description)
            throw ExitStatus.configuration
        }
        print("\(file): ok")
    }
}
