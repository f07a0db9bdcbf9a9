// SPDX-License-Identifier: Apache-2.0

/// Takes out of addresses and commands what others who read a report may not learn.
public enum SecretMask {
    private static let secretParameters: Set = [
        "key", "api_key", "api-key", "apikey", "token", "access_token", "auth", "password", "secret", "sig",
        "signature",
    ]

    /// Without the values of headers, and without keys in addresses.
    public static func command(_ arguments: [String]) -> [String] {
        var isHeader = false
        return arguments.map { argument in
            defer { isHeader = argument == "--header" || argument == "-H" }
            if isHeader { return header(argument[...]) }
            for name in ["--header=", "-H"] where argument.hasPrefix(name) && argument != name {
                return name + header(argument.dropFirst(name.count))
            }
            return url(argument)
        }
    }

    /// Without what follows `#`, which no server sees.
    public static func url(_ url: String) -> String {
        guard url.contains("://") else { return url }
        let url = url.prefix { $0 != "#" }
        guard let mark = url.firstIndex(of: "?") else { return String(url) }
        let parameters = url[url.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
        let masked = parameters.map { parameter -> Substring in
            guard let equals = parameter.firstIndex(of: "="), isSecret(parameter[..<equals]) else { return parameter }
            return parameter[...equals] + "…"
        }
        return url[...mark] + masked.joined(separator: "&")
    }

    private static func header(_ text: Substring) -> String {
        guard let colon = text.firstIndex(of: ":") else { return "…" }
        return text[...colon] + " …"
    }

    /// A name in `%` and digits is one that somebody hides: nobody else writes it so.
    private static func isSecret(_ name: Substring) -> Bool {
        name.contains("%") || secretParameters.contains(name.lowercased())
    }
}
