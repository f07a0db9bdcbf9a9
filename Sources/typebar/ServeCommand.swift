// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Gateway

/// `typebar serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves /chat/stream, the APIs that it mocks, and the chat page.",
        discussion: """
            A flag beats an environment variable (TYPEBAR_HOST, TYPEBAR_PORT, TYPEBAR_CONFIG, TYPEBAR_UPSTREAM, \
            TYPEBAR_UPSTREAM_FORMAT, TYPEBAR_MODEL, TYPEBAR_SCENARIOS, TYPEBAR_SPEED, TYPEBAR_LOG_LEVEL, TYPEBAR_GRACE, \
            TYPEBAR_TLS_CERTIFICATE, TYPEBAR_TLS_KEY), which beats the configuration file, which beats the default.

            With certificates, SIGHUP reads them again; so does a change of their files.
            """
    )

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let configuration: GatewayConfiguration
        do {
            configuration = try options.configuration(environment: ConfigurationSource.environment)
        } catch {
            Output.error(error.description)
            throw ExitStatus.configuration
        }
        try await Serving.run(configuration)
    }
}
