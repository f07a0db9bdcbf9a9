// SPDX-License-Identifier: Apache-2.0

internal import Typewriter
internal import WireFormats

/// A request that has been understood: what it takes to start its stream.
struct StartOrder {
    let request: PlainStreamRequest
    let model: Catalogue.Model
    let pace: Pace
    let seed: UInt64
}
