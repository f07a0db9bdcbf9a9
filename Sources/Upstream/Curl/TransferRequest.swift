// SPDX-License-Identifier: Apache-2.0

/// One HTTP request to an upstream.
public struct TransferRequest: Sendable {
    /// A header field.
    public struct Field: Equatable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public enum Method: Sendable {
        case post
        /// Without a body.
        case get
        /// Without a body.
        case delete
    }

    public var method = Method.post
    /// `http` or `https`.
    public var url: String
    public var fields: [Field]
    public var body: [UInt8]
    /// For name, connection and TLS together.
    public var connectMilliseconds: Int
    public var connection = ConnectionSettings()

    var isSecure: Bool { url.prefix(6).lowercased() == "https:" }

    public init(url: String, fields: [Field], body: [UInt8], connectMilliseconds: Int) {
        self.url = url
        self.fields = fields
        self.body = body
        self.connectMilliseconds = connectMilliseconds
    }
}
