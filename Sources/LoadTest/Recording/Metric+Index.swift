// SPDX-License-Identifier: Apache-2.0

extension Metric {
    /// Its place among all.
    var index: Int { Self.order.firstIndex(of: self) ?? 0 }

    private static let order = allCases
}
