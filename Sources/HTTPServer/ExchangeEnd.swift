// SPDX-License-Identifier: Apache-2.0

/// How an exchange ended.
public struct ExchangeEnd: Equatable, Sendable {
    /// The answer was written to its last byte; else the connection was gone before.
    public let isComplete: Bool
    /// What was written for it, its head included.
    public let bytes: Int
}
