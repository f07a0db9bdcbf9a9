// SPDX-License-Identifier: Apache-2.0

extension Verdict.Level {
    /// In a table.
    var name: String { self == .clientBound ? "client-bound" : rawValue }

    /// 0 is best.
    var rank: Int {
        switch self {
        case .trusted: 0
        case .degraded: 1
        case .clientBound: 2
        }
    }
}
