// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension JSONText {
    /// An array of finite numbers, each in its shortest form.
    mutating func floats(_ values: [Float]) {
        var digits = [UInt8(ascii: "[")]
        digits.reserveCapacity(values.count * 14)
        for value in values {
            if digits.count > 1 { digits.append(UInt8(ascii: ",")) }
            digits.append(contentsOf: (value.isFinite ? value : 0).description.utf8)
        }
        digits.append(UInt8(ascii: "]"))
        json(digits)
    }
}
