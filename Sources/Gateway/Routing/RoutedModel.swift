// SPDX-License-Identifier: Apache-2.0

internal import Upstream

/// A model's name, and who answers to it.
struct RoutedModel: Sendable {
    let name: String
    let plan: CallPlan
    let losses: ModelRoute.Losses
}
