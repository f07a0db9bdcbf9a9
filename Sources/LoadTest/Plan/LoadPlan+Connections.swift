// SPDX-License-Identifier: Apache-2.0

extension LoadPlan {
    /// How many connections are made before the run begins.
    public var connections: Int {
        switch arrivals {
        case .closed(let concurrency, _): concurrency
        case .open: maxConcurrency ?? 0
        }
    }
}
