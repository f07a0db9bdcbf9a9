// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes

/// What an exchange stands on: a connection of HTTP/1, or a stream of HTTP/2.
protocol ExchangeLine: AnyObject {
    /// The client is still there.
    var isOpen: Bool { get }
    /// The client has finished sending, where that may mean that it is gone.
    var hasPeerFinishedSending: Bool { get }
    /// Without its port; nil where it has none, or is gone.
    var clientAddress: String? { get }
    /// Told of the end of the exchange under way, once.
    var onExchangeEnd: ((ExchangeEnd) -> Void)? { get set }

    /// - Parameter closing: No further request is taken on the connection.
    func send(_ response: ServerResponse, isHead: Bool, closing: Bool)
    func sendStreamHead(status: HTTPResponse.Status, fields: HTTPFields)
    func startStream(status: HTTPResponse.Status, fields: HTTPFields) -> any Outlet
    /// Cuts the answer now.
    func abort()
}
