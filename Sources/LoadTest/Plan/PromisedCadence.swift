// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// When a server means to send: event k, from 0, is due at the write of the request + ``firstToken`` + k × ``gap``.
public struct PromisedCadence: Equatable, Sendable {
    /// Nil: counted from the first event's arrival instead.
    public var firstToken: Nanoseconds?
    public var gap: Nanoseconds

    public init(firstToken: Nanoseconds?, gap: Nanoseconds) {
        self.firstToken = firstToken
        self.gap = gap
    }
}
