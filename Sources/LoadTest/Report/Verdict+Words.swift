// SPDX-License-Identifier: Apache-2.0

extension Verdict.Level {
    /// What it means for who reads the figures.
    var words: String {
        switch self {
        case .trusted: "trusted: this client kept up with the load"
        case .degraded: "degraded: latencies hold, but"
        case .clientBound: "client-bound: these figures measure the client,"
        }
    }

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
