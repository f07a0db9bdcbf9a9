// SPDX-License-Identifier: Apache-2.0

/// Why a connection of HTTP/2 ends before its time.
enum HTTP2Failure: Error, Equatable {
    /// The library has found a mistake, and told the client already.
    case told
    /// More frames than what they are for needs.
    case flood
    /// A block of fields has not come to its end in time.
    case tooSlow
    /// This server could not write what it had to.
    case internalError
}
