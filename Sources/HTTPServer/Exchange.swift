// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// One request's answer: either a whole response or a stream, once. Lives on its connection's event loop.
public final class Exchange {
    private let line: any ExchangeLine
    /// The request was HEAD: the answer has a head only.
    let isHead: Bool
    private var isAnswered = false

    init(line: any ExchangeLine, isHead: Bool) {
        self.line = line
        self.isHead = isHead
    }

    deinit {
        // Whoever drops an exchange unanswered would leave its client waiting for ever.
        if !isAnswered { line.abort() }
    }

    /// The client is still there.
    public var isOpen: Bool { line.isOpen }

    /// The client has finished sending. It may still read, or be gone: only an answer to a write tells.
    public var hasPeerFinishedSending: Bool { line.hasPeerFinishedSending }

    /// The client's address, without its port; nil where it has none, or is gone.
    public var clientAddress: String? { line.clientAddress }

    /// Has `body` called once, when the last byte of the answer has been written, or the connection is gone.
    public func onEnd(_ body: @escaping (ExchangeEnd) -> Void) {
        line.onExchangeEnd = body
    }

    /// Sends a whole answer.
    /// - Parameter closing: No further request is taken on this connection.
    public func respond(_ response: ServerResponse, closing: Bool = false) {
        isAnswered = true
        line.send(response, isHead: isHead, closing: closing)
    }

    /// Answers HEAD with the head that a stream would have.
    public func respondHead(status: HTTPResponse.Status, fields: HTTPFields) {
        isAnswered = true
        line.sendStreamHead(status: status, fields: fields)
    }

    /// Starts an answer whose end is not known yet. Its head leaves with the first write.
    ///
    /// Its body is sent in chunks, unless `fields` tell a length: then whoever writes answers for that.
    public func stream(status: HTTPResponse.Status, fields: HTTPFields) -> any Outlet {
        isAnswered = true
        return line.startStream(status: status, fields: fields)
    }
}

@available(*, unavailable)
extension Exchange: Sendable {}
