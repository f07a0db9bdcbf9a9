// SPDX-License-Identifier: Apache-2.0

public import Typewriter

extension Distribution {
    /// Values that the distribution does not tell apart.
    public struct Bin: Equatable, Sendable {
        /// The middle, but never beyond the least or the greatest value; and these themselves, where they are alone in it.
        public var value: Nanoseconds
        public var count: Int

        public init(value: Nanoseconds, count: Int) {
            self.value = value
            self.count = count
        }
    }

    /// The bins that hold something, ascending.
    public func bins() -> [Bin] {
        var bins: [Bin] = []
        eachBin {
            bins.append($0)
            return true
        }
        return bins
    }
}
