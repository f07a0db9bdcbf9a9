// SPDX-License-Identifier: Apache-2.0

/// Whom a run asks, and what for.
public struct Target: Equatable, Sendable {
    /// As the user wrote it.
    public var url: String
    /// A name or an address, of IPv6 without brackets.
    public var host: String
    public var port: UInt16
    /// Over TLS.
    public var isSecure = false
    /// Over HTTP/2: agreed on by ALPN where ``isSecure``, else by prior knowledge (RFC 9113, section 3.3).
    public var usesHTTP2 = false
    /// With its query; begins with `/`.
    public var path: String
    public var headers: [Field] = []
    /// Nil: a GET.
    public var body: [UInt8]?
    /// Nil: guessed from the first answer.
    public var format: StreamFormat?
    /// The schedule that the server promised, where one is known.
    public var cadence: PromisedCadence?

    public struct Field: Equatable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
}
