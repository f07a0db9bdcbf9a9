// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// The cadences that need no configuration.
enum CadenceName: String, CaseIterable {
    case constant
    case uniform
    case normal
    case lognormal
    case gamma
    case exponential

    var shape: Cadence.Shape {
        switch self {
        case .constant: .constant
        case .uniform: .uniform
        case .normal: .normal
        case .lognormal: .lognormal
        case .gamma: .gamma
        case .exponential: .exponential
        }
    }
}
