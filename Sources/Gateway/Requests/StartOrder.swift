// SPDX-License-Identifier: Apache-2.0

internal import MockModel
internal import Typewriter
internal import WireFormats

/// A request that has been understood: what it takes to start its stream.
struct StartOrder {
    let request: PlainStreamRequest
    let model: Catalogue.Model
    let pace: Pace
    let seed: UInt64
    /// Drawn already: each of its faults happens.
    let plan: FaultPlan
    /// What a scenario says in the place of the model; nil where none matched.
    let script: AnswerScript?
    /// Its entry in the log of requests.
    let logID: UInt64
}
