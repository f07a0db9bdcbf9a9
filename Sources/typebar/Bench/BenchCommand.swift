// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// `typebar bench`: the load tester and its companions.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Loads a server that streams, and measures when its tokens arrive.",
        discussion: "`typebar bench URL` is `typebar bench run URL`; `typebar bench run --help` tells its options.",
        subcommands: [
            BenchRunCommand.self, BenchVerifyCommand.self, BenchDiffCommand.self, BenchCalibrateCommand.self,
            BenchCalibrationServerCommand.self,
        ],
        defaultSubcommand: BenchRunCommand.self
    )
}
