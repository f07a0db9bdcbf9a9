// SPDX-License-Identifier: Apache-2.0

/// How the arrivals of a rate lie in time.
public enum ArrivalPattern: Equatable, Sendable {
    case constant
    /// Gaps of a gamma distribution. Its shape is what others call burstiness: 1 is Poisson, less comes in bursts, more is
    /// more even.
    case gamma(shape: Double)

    /// Users who know nothing of each other.
    public static let poisson = gamma(shape: 1)

    /// Below it, nearly all arrivals of a run would fall in one moment.
    static let leastShape = 0.01

    /// - Parameter text: A shape as a number, or `inf`: constant.
    public init(burstiness text: String) throws(PlanProblem) {
        switch text {
        case "inf", "infinity": self = .constant
        default:
            guard let shape = PlanText.decimal(text), shape >= Self.leastShape, shape <= 1e6 else {
                throw PlanProblem(
                    "the burstiness '\(text)' is no number from \(Self.leastShape) to 1000000, nor inf",
                    example: "1 (Poisson), 0.25 (bursts), inf (constant)"
                )
            }
            self = .gamma(shape: shape)
        }
    }

    /// `Poisson`, `constant`, `gamma (burstiness 0.25)`.
    var summary: String {
        switch self {
        case .constant: "constant"
        case .gamma(1): "Poisson"
        case .gamma(let shape): "gamma (burstiness \(PlanText.number(shape)))"
        }
    }
}
