// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Its bytes; those that are not plain as `%` and two digits (RFC 3986).
    func percentEncoded(_ isPlain: (UInt8) -> Bool) -> String {
        utf8.reduce(into: "") { text, byte in
            if isPlain(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
