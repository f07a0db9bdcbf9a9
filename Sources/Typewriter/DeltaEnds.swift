// SPDX-License-Identifier: Apache-2.0

extension [Int] {
    /// The first of these rising offsets that is beyond `offset`.
    public func firstEnd(after offset: Int) -> Int? {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] > offset { high = middle } else { low = middle + 1 }
        }
        return low < endIndex ? self[low] : nil
    }
}
