// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Gateway

/// `typebar check FILE`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads a configuration file, or a folder of scenarios, and says what is wrong with it."
    )

    @Argument(help: "A configuration file in YAML, a scenario file, or a folder of them.")
    var file: String

    func run() throws {
        do {
            if ConfigurationSource.isFolder(file) {
                let check = try ScenarioCheck(folder: file)
                return print("\(file): ok, \(check.count) scenarios")
            }
            if let check = try ScenarioCheck(file: file) { return print("\(file): ok, \(check.count) scenarios") }
            let configuration = try ConfigurationSource.read(file: file)
            if let folder = configuration.mock.scenarios {
                _ = try ScenarioCheck(folder: folder, configuration: configuration)
            }
            for warning in try configuration.checkCertificates(source: file) {
                Output.error("\(file): warning: \(warning)")
            }
        } catch {
            Output.error("\(error)")
            throw ExitStatus.configuration
        }
        print("\(file): ok")
    }
}
