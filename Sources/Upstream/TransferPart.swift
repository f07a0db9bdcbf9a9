// SPDX-License-Identifier: Apache-2.0

/// What comes back of a transfer, in order. `ended` is the last, and comes once.
public enum TransferPart: Equatable, Sendable {
    /// How a transfer ended.
    public enum End: Equatable, Sendable {
        /// The body came to the end that its framing announced.
        case complete
        /// There never was a connection: name, network or TLS.
        case refused(String)
        /// No connection within the time allowed.
        case connectTimedOut
        /// The connection was lost.
        case reset(String)
        /// What came is not HTTP.
        case notHTTP(String)
    }

    /// The final response head: interim ones are left out.
    case head(status: Int, contentType: String)
    case body([UInt8])
    case ended(End)
}
