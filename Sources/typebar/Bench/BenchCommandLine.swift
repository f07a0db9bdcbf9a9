// SPDX-License-Identifier: Apache-2.0

internal import LoadTest

/// The command as it was typed, for a report: others may read that.
enum BenchCommandLine {
    /// Without secrets.
    static var masked: [String] {
        ["typebar"] + SecretMask.command(Array(CommandLine.arguments.dropFirst()))
    }
}
