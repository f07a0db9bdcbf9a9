// SPDX-License-Identifier: Apache-2.0

/// Who may look into the server, and how much it remembers.
public struct AdminSettings: Sendable {
    /// Nil is on where only this machine can reach the server, or a key is set.
    public var isEnabled: Bool?
    /// What a client has to show as a bearer token; nil asks for nothing.
    public var key: String?
    /// Requests that are remembered; of more, the oldest go.
    public var requests = 1000
    /// Bytes of their bodies, in all.
    public var bodyBytes = 16 << 20

    public init() {}
}
