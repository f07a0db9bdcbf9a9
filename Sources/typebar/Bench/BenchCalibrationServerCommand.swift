// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LoadTest

/// `typebar bench calibration-server`: what `bench calibrate` measures. It tells its port, and serves until its input ends.
struct BenchCalibrationServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibration-server",
        abstract: "Serves streams by a known schedule, for typebar bench calibrate.",
        shouldDisplay: false
    )

    @Flag(help: "Over TLS.")
    var tls = false

    func run() throws {
        do throws(LoadFailure) {
            if tls {
                let server = try SecureCalibrationServer()
                Output.line(String(server.port))
                Output.line(server.serve())
            } else {
                let server = try CalibrationServer()
                Output.line(String(server.port))
                Output.line(server.serve())
            }
        } catch {
            Output.error(error.description)
            throw ExitStatus.unavailable
        }
    }
}
