// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Gateway
internal import Upstream

/// `typebar record --upstream URL --to FOLDER`.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Stands in front of an upstream, and records each of its answers as a cassette and a scenario.",
        discussion: """
            Point a client at it in the place of the upstream; models keep their names. Each request goes out once: \
            there are no retries, so a failure is recorded and passed on as it is. `typebar serve --scenarios FOLDER` \
            then plays what was recorded. With --config the routes of the file are recorded, as they are.
            """
    )

    /// Beside a server on the default port.
    private static let port = 8081

    @Option(help: "The folder to write to; made if it is not there.")
    var to: String

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let configuration: GatewayConfiguration
        do {
            configuration = try recording(environment: ConfigurationSource.environment)
        } catch {
            Output.error(error.description)
            throw ExitStatus.configuration
        }
        try await Serving.run(configuration, notes: ["typebar records to \(ConfigurationSource.absolute(to))/"])
    }

    private func recording(
        environment: [String: String]
    ) throws(ConfigurationProblem) -> GatewayConfiguration {
        guard !to.isEmpty else { throw ConfigurationProblem(source: "--to", message: "needs a folder") }
        var configuration = try options.configuration(environment: environment, isForAnyModel: true)
        guard !configuration.routes.isEmpty else {
            throw ConfigurationProblem(
                source: "--upstream",
                message: "needs the base of an API, such as https://api.openai.com/v1, or routes from --config"
            )
        }
        let hasFile = options.config != nil || environment["TYPEBAR_CONFIG"] != nil
        if !hasFile {
            if options.port == nil, environment["TYPEBAR_PORT"] == nil { configuration.port = Self.port }
            // What was recorded is told as it comes.
            if options.logLevel == nil, environment["TYPEBAR_LOG_LEVEL"] == nil { configuration.logLevel = "info" }
            configuration.passOnFailures()
        }
        let ownSettings = configuration.recording
        configuration.recordAll(to: to)
        // Recordings that were asked for one by one are not made room for by losing others.
        if ownSettings == nil { configuration.recording?.whenFull = .stop }
        return configuration
    }
}
