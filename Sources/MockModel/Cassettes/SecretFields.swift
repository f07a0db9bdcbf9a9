// SPDX-License-Identifier: Apache-2.0

/// Knows the header fields, and the parameters of queries, that may bear secrets.
///
/// In doubt a field is a secret: a cassette can do without it.
public enum SecretFields {
    private static let parts = [
        "auth", "cookie", "credential", "key", "passw", "secret", "session", "signature", "token",
    ]
    private static let challenges: Set<String> = ["proxy-authenticate", "www-authenticate"]

    /// Whether the field may bear a secret: by its name, or because its value is of a form that only secrets have.
    public static func isSecret(_ name: String, _ value: String = "") -> Bool {
        let value = value.lowercased()
        if value.hasPrefix("bearer ") || value.hasPrefix("basic ") { return !challenges.contains(name.lowercased()) }
        let name = name.lowercased()
        if challenges.contains(name) { return false }
        let telling = isCount(name) ? removing("token", from: name) : name
        return parts.contains { contains(telling, $0) }
    }

    /// How many tokens there are left or were used is no secret: `x-ratelimit-remaining-tokens`.
    private static func isCount(_ name: String) -> Bool {
        let words = name.split { $0 == "-" || $0 == "_" }
        let tellsCount = name.hasSuffix("token-count") || contains(name, "ratelimit") || contains(name, "rate-limit")
        return tellsCount && words.contains { $0 == "tokens" || $0 == "count" }
    }

    private static func removing(_ part: String, from name: String) -> String {
        name.split { $0 == "-" || $0 == "_" }.filter { $0 != part && $0 != part + "s" }.joined(separator: "-")
    }

    private static func contains(_ name: String, _ part: String) -> Bool {
        var rest = name.utf8[...]
        while rest.count >= part.utf8.count {
            if rest.starts(with: part.utf8) { return true }
            rest.removeFirst()
        }
        return false
    }
}
