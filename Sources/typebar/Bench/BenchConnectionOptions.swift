// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LoadTest
internal import TLS

/// How a server is spoken to: what https:// and HTTP/2 need to know.
struct BenchConnectionOptions: ParsableArguments {
    private static let mostStreams = 100_000

    @Option(
        help: """
            1.1 or 2. HTTP/2 is agreed on in the TLS handshake of https://, and taken for granted of http://. \
            Default: 1.1, also over TLS.
            """
    )
    var http = "1.1"

    @Option(help: "HTTP/2: streams at once on one connection, where the server allows as many.")
    var streamsPerConnection = 100

    @Option(
        name: [.customLong("ca"), .customLong("ca-file")],
        help: "A PEM file of authorities to trust, in the place of the system's."
    )
    var authorities: String?

    @Flag(help: "Trust any certificate.")
    var insecure = false

    @Option(help: "Only this version of TLS: 1.2 or 1.3. Default: the newest that both speak.")
    var tls: String?

    /// Refuses what would say nothing: its user would believe in another load than the one that is played.
    func apply(to plan: inout LoadPlan) throws(PlanProblem) {
        guard http == "1.1" || http == "2" else {
            throw PlanProblem("--http \(http) is neither 1.1 nor 2", example: "--http 2")
        }
        guard 1...Self.mostStreams ~= streamsPerConnection else {
            let example = "--streams-per-connection 100"
            throw PlanProblem("--streams-per-connection is a number from 1 to \(Self.mostStreams)", example: example)
        }
        for index in plan.targets.indices { plan.targets[index].usesHTTP2 = http == "2" }
        plan.streamsPerConnection = streamsPerConnection
        let isSecure = plan.targets.contains(where: \.isSecure)
        guard isSecure || authorities == nil && !insecure && tls == nil else {
            throw PlanProblem("--ca, --insecure and --tls are of https://")
        }
        if authorities != nil, insecure {
            throw PlanProblem("--ca and --insecure exclude each other", example: "--ca ca.pem")
        }
        plan.security.authorities = authorities
        plan.security.isUnverified = insecure
        guard let tls else { return }
        guard let version = TLSVersion(rawValue: tls) else {
            throw PlanProblem("--tls \(tls) is neither 1.2 nor 1.3", example: "--tls 1.3")
        }
        (plan.security.oldestVersion, plan.security.newestVersion) = (version, version)
    }
}
