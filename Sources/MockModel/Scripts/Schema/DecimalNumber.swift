// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// A number as decimal digits, whose multiples can be written exactly: `mantissa` / 10 ^ `scale`.
struct DecimalNumber: Equatable {
    let mantissa: Int
    /// From 0.
    let scale: Int

    init(mantissa: Int, scale: Int) {
        self.mantissa = mantissa
        self.scale = scale
    }

    /// Nil where `value` is no number, or one whose digits are too many.
    init?(_ value: JSONValue) {
        guard case .number(let digits) = value else { return nil }
        let halves = digits.lowercased().split(separator: "e")
        guard let exponent = halves.count == 2 ? Int(halves[1]) : 0, (-18...18).contains(exponent) else {
            return nil
        }
        let parts = halves[0].split(separator: ".")
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.count <= 18, var mantissa = Int(parts[0] + fraction) else { return nil }
        var scale = fraction.count - exponent
        while scale < 0 {
            let product = mantissa.multipliedReportingOverflow(by: 10)
            guard !product.overflow else { return nil }
            (mantissa, scale) = (product.partialValue, scale + 1)
        }
        self.init(mantissa: mantissa, scale: scale)
    }

    var value: Double { Double(times(1) ?? "0") ?? 0 }

    /// The digits of `count` times the number, without zeros at the end of a fraction; nil where they are too many.
    func times(_ count: Int) -> String? {
        let product = mantissa.multipliedReportingOverflow(by: count)
        guard !product.overflow else { return nil }
        var digits = Array(String(product.partialValue.magnitude).utf8)
        let padding = max(0, scale + 1 - digits.count)
        digits.insert(contentsOf: [UInt8](repeating: 0x30, count: padding), at: 0)
        var fraction = Array(digits.suffix(scale))
        while fraction.last == 0x30 { fraction.removeLast() }
        let whole = String(decoding: digits.dropLast(scale), as: UTF8.self)
        let sign = product.partialValue < 0 ? "-" : ""
        return sign + whole + (fraction.isEmpty ? "" : "." + String(decoding: fraction, as: UTF8.self))
    }
}
