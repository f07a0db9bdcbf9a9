// SPDX-License-Identifier: Apache-2.0

/// The command as it was typed, for a report: others may read that.
enum BenchCommandLine {
    private static let headerNames: Set = ["--header", "-H"]
    private static let secretParameters: Set = ["key", "api_key", "api-key", "apikey", "token", "access_token"]

    /// Without the values of headers, and without keys in addresses.
    static var masked: [String] {
        masked(Array(CommandLine.arguments.dropFirst()))
    }

    static func masked(_ arguments: [String]) -> [String] {
        var isHeader = false
        return ["typebar"]
            + arguments.map { argument in
                defer { isHeader = headerNames.contains(argument) }
                if isHeader { return masked(header: argument) }
                for name in ["--header=", "-H"] where argument.hasPrefix(name) && argument != name {
                    return name + masked(header: argument.dropFirst(name.count))
                }
                return masked(url: argument)
            }
    }

    static func masked(url: String) -> String {
        guard let mark = url.firstIndex(of: "?") else { return url }
        let parameters = url[url.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
        let masked = parameters.map { parameter -> Substring in
            guard let equals = parameter.firstIndex(of: "=") else { return parameter }
            let isSecret = secretParameters.contains(parameter[..<equals].lowercased())
            return isSecret ? parameter[...equals] + "…" : parameter
        }
        return url[...mark] + masked.joined(separator: "&")
    }

    private static func masked(header: some StringProtocol) -> String {
        guard let colon = header.firstIndex(of: ":") else { return "…" }
        return header[...colon] + " …"
    }
}
