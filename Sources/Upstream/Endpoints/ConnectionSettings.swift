// SPDX-License-Identifier: Apache-2.0

/// How an upstream is connected to.
public struct ConnectionSettings: Equatable, Hashable, Sendable {
    public enum HTTPVersion: String, CaseIterable, Sendable {
        /// A connection for each stream: a paused one costs nothing, and a lost one is one lost stream.
        case http1 = "1.1"
        /// Many streams on one connection, over TLS. Without TLS by prior knowledge, and a connection for each stream:
        /// libcurl 7.88 loses later streams of a shared one.
        case http2 = "2"
    }

    /// A file of certificates that are trusted in the place of the system's.
    public var caFile: String?
    /// A file with the client's certificate, PEM.
    public var certificateFile: String?
    /// A file with the key of that certificate, PEM; nil where it is in the same file.
    public var keyFile: String?
    /// Such as `http://proxy:3128` or `socks5h://127.0.0.1:1080`; nil goes straight, whatever the environment says.
    public var proxy: String?
    public var httpVersion = HTTPVersion.http1
    /// Seconds for which a connection that rests may be used again; 0 uses none again.
    public var reuseSeconds = 15

    public init() {}
}
