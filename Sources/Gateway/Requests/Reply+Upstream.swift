// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import Upstream

extension Reply {
    /// Fields of an upstream's answer that its clients read: its name for the request, its limits, when to come again.
    private static let passed: Set<String> = ["request-id", "x-request-id", "retry-after", "retry-after-ms", "warning"]
    private static let passedPrefixes = ["x-ratelimit-", "anthropic-", "openai-", "x-should-retry", "x-goog-"]
    private static let limits = ["x-ratelimit-", "anthropic-ratelimit-"]

    /// A mock's limits are made up; of an upstream's answer, its own are told or none.
    func dropLimits() {
        for field in fields where Self.limits.contains(where: field.name.canonicalName.hasPrefix) {
            fields[field.name] = nil
        }
    }

    /// Puts the fields of an upstream's head that are for its clients into an answer's.
    func adopt(_ head: TransferHead?, into answer: inout HTTPFields) {
        for field in head?.fields ?? [] {
            guard let name = HTTPField.Name(field.name), HTTPField.isValidValue(field.value) else { continue }
            let plain = name.canonicalName
            guard Self.passed.contains(plain) || Self.passedPrefixes.contains(where: plain.hasPrefix) else { continue }
            fields[name] = nil
            answer[name] = field.value
        }
    }
}
