// SPDX-License-Identifier: Apache-2.0

extension Plot {
    /// A part of a row, or a bar.
    struct Box: Equatable, Sendable {
        /// In the unit of the axis.
        var from: Double
        var to: Double
        /// In pixels from the top.
        var top: Double
        var height: Double
        /// Of the picture's 1,000: what is shorter would not be seen.
        var leastWidth = 0.0
    }
}
