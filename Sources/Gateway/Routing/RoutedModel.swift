// SPDX-License-Identifier: Apache-2.0

internal import Upstream

/// A model's name, and who answers to it.
struct RoutedModel: Sendable {
    let name: String
    var plan: CallPlan
    let losses: ModelRoute.Losses
    let disconnect: ModelRoute.Disconnect
    /// Bursts are typed evenly, with about so many milliseconds of lag, where the request asks for no pace; 0: not so.
    let smoothing: Int
    /// What its upstreams send becomes cassettes.
    let isRecorded: Bool

    /// The parameters of pace that hold where the request has none of its own.
    var paceDefaults: [String: String] { smoothing > 0 ? ["smooth": "\(smoothing)"] : [:] }
}
