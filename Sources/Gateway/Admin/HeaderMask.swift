// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import MockModel

/// Makes the fields of a request fit to be shown: what could be a secret is masked.
enum HeaderMask {
    static func masked(_ fields: HTTPFields) -> [(name: String, value: String)] {
        fields.map { field in
            let name = field.name.canonicalName
            let isSecret = name != "x-typebar-session" && SecretFields.isSecret(name, field.value)
            return (name, isSecret ? masked(field.value) : field.value)
        }
    }

    /// A target, in whose query what could be a secret is masked.
    static func masked(target path: String, query: String?) -> String {
        guard let query else { return path }
        let parts = query.split(separator: "&", omittingEmptySubsequences: false).map { part in
            let name = part.prefix { $0 != "=" }
            let plain = PercentEncoding.decode(name)
            let isSecret = plain == "key" || SecretFields.isSecret(plain.replacing("_", with: "-"))
            return isSecret ? "\(plain)=***" : String(part)
        }
        return path + "?" + parts.joined(separator: "&")
    }

    /// The scheme stays, and the last four characters of what is long enough not to be guessed from them.
    private static func masked(_ value: String) -> String {
        let words = value.split(separator: " ", maxSplits: 1)
        let hasScheme = words.count == 2 && ["bearer", "basic"].contains(words[0].lowercased())
        let secret = hasScheme ? words[1] : value[...]
        let tail = secret.count >= 16 && !secret.contains(" ") ? String(secret.suffix(4)) : ""
        return hasScheme ? "\(words[0]) ***\(tail)" : "***\(tail)"
    }
}
