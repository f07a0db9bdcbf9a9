// SPDX-License-Identifier: Apache-2.0

/// What comes back of a transfer, in order. `ended` is the last, and comes once.
public enum TransferPart: Equatable, Sendable {
    /// How a transfer ended.
    public enum End: Equatable, Sendable {
        /// The body came to the end that its framing announced.
        case complete
        /// The request was not sent, for there was no connection: name, network, proxy, certificates or TLS.
        case refused(String)
        /// No connection within the time allowed.
        case connectTimedOut
        /// The connection was lost after the request had gone out, at least in part: nobody knows what became of it.
        case reset(String)
        /// What came is not HTTP.
        case notHTTP(String)
    }

    /// The final response head: interim ones are left out.
    case answered(TransferHead)
    case body([UInt8])
    case ended(End)

    /// A head of which nothing else is known.
    public static func head(status: Int, contentType: String) -> TransferPart {
        .answered(TransferHead(status: status, fields: [.init(name: "Content-Type", value: contentType)]))
    }
}
