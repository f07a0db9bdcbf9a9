// SPDX-License-Identifier: Apache-2.0

/// A request as an upstream takes it.
public struct EncodedRequest: Equatable, Sendable {
    /// What follows the base of the API's address, such as `/chat/completions`.
    public var path: String
    public var body: [UInt8]
    /// What the format has no place for, as the names by which the client's format knows it: `n`, `logprobs`, `seed`.
    public var losses: [String]

    public init(path: String, body: [UInt8], losses: [String] = []) {
        self.path = path
        self.body = body
        self.losses = losses
    }
}
