// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import EventStream
internal import HTTPServer
internal import HTTPTypes
internal import WireFormats

/// Answers one request: an exchange, and the fields that each answer to it bears.
final class Reply {
    let exchange: Exchange
    var fields: HTTPFields

    init(exchange: Exchange, fields: HTTPFields) {
        self.exchange = exchange
        self.fields = fields
    }

    /// Sends a whole answer.
    func send(_ response: ServerResponse, closing: Bool = false) {
        var response = response
        for field in fields { response.fields.append(field) }
        exchange.respond(response, closing: closing)
    }

    func sendNothing() {
        send(ServerResponse(status: .noContent))
    }

    func refuse(_ problem: RequestProblem, closing: Bool = false) {
        let body = PlainStreamError.body(
            code: problem.code,
            message: problem.message,
            parameter: problem.parameter
        )
        send(ServerResponse(status: .init(integerLiteral: problem.status), fields: .json, body: body), closing: closing)
    }

    /// Answers OPTIONS.
    func preflight(_ preflightFields: HTTPFields, allow: String) {
        fields = preflightFields
        fields[.allow] = allow
        sendNothing()
    }

    /// Starts a stream, whose head leaves with the first write.
    func stream(_ id: StreamID) -> Outlet {
        exchange.stream(status: .ok, fields: streamFields(id))
    }

    /// Answers HEAD as GET would be answered, and starts nothing.
    func streamHead() {
        exchange.respondHead(status: .ok, fields: streamFields(nil))
    }

    /// An empty stream that tells its client to come back much later.
    func sendAway() {
        exchange.stream(status: .ok, fields: streamFields(nil)).finish { out in
            FrameEncoder.appendRetry(milliseconds: Int.random(in: 10_000...30_000), to: &out)
        }
    }

    private func streamFields(_ id: StreamID?) -> HTTPFields {
        var head = HTTPFields.eventStream(id)
        for field in fields { head.append(field) }
        return head
    }
}
