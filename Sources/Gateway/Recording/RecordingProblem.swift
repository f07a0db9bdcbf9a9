// SPDX-License-Identifier: Apache-2.0

/// Why a recording is not kept.
struct RecordingProblem: Error, Equatable, CustomStringConvertible {
    let description: String

    static let full = RecordingProblem(description: "the folder holds as much as it may")
    static let memory = RecordingProblem(description: "the recordings under way need more memory than they may")
}
