// SPDX-License-Identifier: Apache-2.0

import Gateway
import Logging

/// A gateway on a port of its own, for the time of one test.
enum GatewayHarness {
    static func run(
        _ change: (inout GatewayConfiguration) -> Void = { _ in },
        _ body: (_ port: Int) async throws -> Void
    ) async throws {
        var configuration = GatewayConfiguration()
        configuration.port = 0
        configuration.threads = 2
        configuration.graceSeconds = 0
        change(&configuration)
        let gateway = try await Gateway.start(
            configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let port = gateway.address.split(separator: ":").last.flatMap { Int($0) } ?? 0
        do {
            try await body(port)
        } catch {
            await gateway.shutDown()
            throw error
        }
        await gateway.shutDown()
    }
}
