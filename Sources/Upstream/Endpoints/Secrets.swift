// SPDX-License-Identifier: Apache-2.0

/// Keeps keys out of what clients and logs may see.
enum Secrets {
    private static let mask = "[masked]"
    /// How keys of the known services begin.
    private static let prefixes = ["sk-", "sk_", "pk-", "gsk_", "xai-", "key-", "AIza", "ghp_", "hf_"]
    private static let longestMessage = 500

    /// `bytes` without `key`, and otherwise as they were.
    static func removed(_ key: String?, from bytes: [UInt8]) -> [UInt8] {
        guard let key, !key.isEmpty else { return bytes }
        let secret = Array(key.utf8)
        var out: [UInt8] = []
        var start = 0
        while let place = index(of: secret, in: bytes.span, from: start) {
            out += bytes[start..<place] + mask.utf8
            start = place + secret.count
        }
        return start == 0 ? bytes : out + bytes[start...]
    }

    /// Whether `key` stands in `text`.
    static func stands(_ key: String?, in text: String) -> Bool {
        guard let key, !key.isEmpty else { return false }
        let bytes = Array(text.utf8)
        return index(of: Array(key.utf8), in: bytes.span, from: 0) != nil
    }

    /// Where `secret` stands first. Bodies of many megabytes are searched, so byte by byte.
    private static func index(of secret: [UInt8], in bytes: Span<UInt8>, from start: Int) -> Int? {
        var place = start
        while place + secret.count <= bytes.count {
            var length = 0
            while length < secret.count, bytes[place + length] == secret[length] { length += 1 }
            if length == secret.count { return place }
            place += 1
        }
        return nil
    }

    /// `message` without `key`, without anything that looks like one, and of bearable length.
    static func masked(_ message: String, key: String?) -> String {
        var message = message
        if let key, !key.isEmpty { message = message.replacing(key, with: mask) }
        var words: [String] = []
        var maskNext = false
        for word in message.split(separator: " ", omittingEmptySubsequences: false) {
            let isKey = word.contains(mask)
            let looksLikeKey = prefixes.contains { prefix in
                word.range(of: prefix).map { word[$0.lowerBound...].count >= 12 } ?? false
            }
            words.append(isKey || looksLikeKey || maskNext && !word.isEmpty ? mask : String(word))
            maskNext = word.isEmpty ? maskNext : word.lowercased() == "bearer"
        }
        let text = words.joined(separator: " ")
        return text.count > longestMessage ? text.prefix(longestMessage) + "…" : text
    }
}

extension Substring {
    /// The first place where `text` stands.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
