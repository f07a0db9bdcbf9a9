// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import MockModel
internal import Typewriter
internal import Upstream
internal import WireFormats

/// A request that has been understood: all that its answer depends on. The same order gives the same answer, byte for
/// byte and at the same times, on any loop and however often it is played.
struct AnswerOrder: Sendable {
    /// Where the answer comes from.
    enum Source: Sendable {
        /// One script for each choice.
        case scripts([AnswerScript])
        case upstream(RoutedModel)
        /// The bytes of a recorded upstream, as they were.
        case cassette(Cassette, speed: Double)
    }

    var wire: any WireRequest
    /// As ``WireRequest/chat``, with the plain name of the model.
    var chat: ChatRequest
    var identity: AnswerIdentity
    var pace: Pace
    var source: Source
    /// Drawn already: each of its faults happens.
    var plan: FaultPlan
    /// The request as it came, for upstreams that speak its format.
    var passed: PassedRequest?
    /// How the answer of such an upstream reaches the client.
    var form = AnswerForm.events
    /// When the request came, on the monotonic clock.
    let start: Nanoseconds

    /// The same can be said again at any time.
    var isScripted: Bool {
        if case .scripts = source { true } else { false }
    }
}
