// SPDX-License-Identifier: Apache-2.0

/// What answers requests. There is one for each event loop, and it is used on that loop only.
public protocol HTTPResponder: AnyObject {
    /// Answers `request` through `exchange`, now or later on this loop.
    func respond(to request: ServerRequest, through exchange: Exchange)

    /// The answer to a request that was refused before it was whole.
    /// - Parameter request: Its head, without the body; nil where not even that could be read.
    func answer(to problem: HTTPProblem, request: ServerRequest?) -> ServerResponse

    /// A connection has not come through its handshake, for the reason told.
    /// - Parameter client: Its address; nil where it has none, or is gone.
    func handshakeFailed(_ reason: String, client: String?)
}
