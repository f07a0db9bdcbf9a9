// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// How the mock answers where a request does not say.
public struct MockSettings: Sendable {
    /// The folder of scenario files; nil where there is none.
    public var scenarios: String?
    /// Nil draws one for each request.
    public var seed: UInt64?
    /// How many times as fast as asked all is typed; 0 waits for nothing.
    public var speed = 1.0
    /// The names that the APIs know; nil takes every name, as long as there is no upstream.
    public var models: [String]?
    /// Parameters of pace and fault by wire format; those for `default` hold for all.
    public var defaults: [String: [String: String]] = [:]
    /// How long the head of an answer waits for its first word.
    public var holdSeconds = 2.0

    public init() {}

    /// What holds for `format`, as parameters by name.
    func parameters(for format: WireFormat) -> [String: String] {
        (defaults["default"] ?? [:]).merging(defaults[format.rawValue] ?? [:]) { $1 }
    }
}
