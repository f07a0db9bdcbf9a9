// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Finds secrets in what was asked, and takes them out.
///
/// Looked at are the members of each object called `headers`, and the queries of strings called `path` or `url`, at
/// any depth but inside `body`: there a member `headers` is the model's affair.
enum RecordedRequest {
    private static let urlNames: Set<String> = ["path", "url"]

    static func withoutSecrets(_ value: JSONValue) -> JSONValue {
        guard let members = value.members else { return value }
        return .object(
            members.map { member in
                var member = member
                if let query = query(of: member), !query.secrets.isEmpty {
                    member.value = .string(Array(query.cleaned.utf8))
                } else if member.name == "headers", let fields = member.value.members {
                    member.value = .object(fields.filter { !isSecret($0) })
                } else if member.name != "body" {
                    member.value = withoutSecrets(member.value)
                }
                return member
            }
        )
    }

    /// The name of the first header or parameter that may bear a secret.
    static func firstSecret(in value: JSONValue) -> String? {
        for member in value.members ?? [] {
            if let secret = query(of: member)?.secrets.first { return secret }
            if member.name == "headers", let field = member.value.members?.first(where: isSecret) { return field.name }
            if member.name != "body", let secret = firstSecret(in: member.value) { return secret }
        }
        return nil
    }

    private static func isSecret(_ field: JSONValue.Member) -> Bool {
        SecretFields.isSecret(field.name, field.value.text ?? "")
    }

    /// The secret parameters of a URL, and the URL without them.
    private static func query(of member: JSONValue.Member) -> (secrets: [String], cleaned: String)? {
        guard urlNames.contains(member.name), let url = member.value.text else { return nil }
        let parts = url.unicodeScalars.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        var secrets: [String] = []
        var kept: [String] = []
        for pair in parts[1].split(separator: "&") {
            let name = String(pair.prefix { $0 != "=" })
            if SecretFields.isSecret(name) { secrets.append(name) } else { kept.append(String(pair)) }
        }
        let query = kept.isEmpty ? "" : "?" + kept.joined(separator: "&")
        return (secrets, String(parts[0]) + query)
    }
}
