// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension JSONText {
    /// Writes a number where there is one; JSON has none that is not finite.
    mutating func sampling(_ name: String, _ value: Double?, losses: inout EncodingLosses) {
        guard let value else { return }
        guard value.isFinite else { return losses.add(name) }
        self.name(name)
        number(value)
    }
}
