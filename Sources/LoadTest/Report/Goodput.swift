// SPDX-License-Identifier: Apache-2.0

/// How many streams met all objectives.
public struct Goodput: Equatable, Sendable {
    /// As written: `ttft:200,gap:50,e2e:3000`.
    public var objectives: String
    public var met: Int
    /// Failed streams are of them, cut ones are not.
    public var of: Int
    /// Streams a second that met all.
    public var perSecond: Double
}
