// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import NIOCore

extension HTTP2Stream: ExchangeLine {
    var clientAddress: String? { connection.channel.remoteAddress?.ipAddress }

    func send(_ response: ServerResponse, isHead: Bool, closing: Bool) {
        guard isOpen else { return }
        if closing { connection.drain() }
        var fields = response.fields
        if response.status != .noContent { fields[.contentLength] = String(response.body.count) }
        sendHead(response.status, fields)
        finish { if !isHead { $0.append(contentsOf: response.body) } }
    }

    func sendStreamHead(status: HTTPResponse.Status, fields: HTTPFields) {
        guard isOpen else { return }
        sendHead(status, fields)
        finish { _ in }
    }

    func startStream(status: HTTPResponse.Status, fields: HTTPFields) -> any Outlet {
        sendHead(status, fields)
        return self
    }

    /// It leaves with the first write.
    private func sendHead(_ status: HTTPResponse.Status, _ fields: HTTPFields) {
        head = HTTP2ResponseHead.render(status, fields, date: connection.loop.date)
    }
}
