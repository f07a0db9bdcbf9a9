// SPDX-License-Identifier: Apache-2.0

/// A text of a request, as matchers read it.
final class Subject {
    let bytes: [UInt8]
    /// In lower case, made when a matcher first asks.
    private(set) lazy var folded = Self.folded(String(decoding: bytes, as: UTF8.self))

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// How matchers that ignore case see `text`.
    static func folded(_ text: String) -> [UInt8] {
        Array(text.lowercased().utf8)
    }
}
