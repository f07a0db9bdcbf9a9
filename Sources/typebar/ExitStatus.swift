// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// How the process ends: in the numbers of `sysexits.h`, and for `bench` in those of load testers.
enum ExitStatus {
    /// A port is taken, or a part of the system cannot be had (EX_UNAVAILABLE).
    static let unavailable = ExitCode(69)
    /// The configuration is wrong (EX_CONFIG).
    static let configuration = ExitCode(78)
    /// `bench` was asked for something it does not understand.
    static let benchUsage = ExitCode(2)
}
