// SPDX-License-Identifier: Apache-2.0

/// A request as an upstream takes it.
public struct EncodedRequest: Equatable, Sendable {
    /// A field of the request's head.
    public struct Field: Equatable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What follows the base of the API's address, such as `/chat/completions`.
    public var path: String
    /// Fields of the head beyond those that each request to the upstream bears.
    public var fields: [Field]
    public var body: [UInt8]
    /// What the format has no place for, as the names by which the client's format knows it: `n`, `logprobs`, `seed`.
    public var losses: [String]

    public init(path: String, fields: [Field] = [], body: [UInt8], losses: [String] = []) {
        self.path = path
        self.fields = fields
        self.body = body
        self.losses = losses
    }
}
