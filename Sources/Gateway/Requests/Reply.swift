// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import EventStream
internal import HTTPServer
internal import HTTPTypes
internal import Metrics
internal import MockModel
internal import WireFormats

/// Answers one request: an exchange, and the fields that each answer to it bears.
final class Reply {
    let exchange: Exchange
    var fields: HTTPFields
    /// How errors look in the wire format of the request.
    var shape: any ProblemShape.Type = PlainStreamProblem.self
    /// The request's name for its client's log.
    var requestID: String {
        get { report.id }
        set { report.id = newValue }
    }
    /// What the log will tell of it.
    let report: RequestReport
    /// The request's entry in the log of requests.
    var logID: UInt64 = 0
    /// Told of each HTTP error.
    var onRefusal: ((RequestProblem) -> Void)?

    private let pacer: Pacer

    init(exchange: Exchange, fields: HTTPFields, report: RequestReport, pacer: Pacer) {
        self.report = report
        self.pacer = pacer
        self.exchange = exchange
        self.fields = fields
    }

    /// Sends a whole answer.
    func send(_ response: ServerResponse, closing: Bool = false) {
        var response = response
        for field in fields { response.fields.append(field) }
        noteStatus(response.status)
        exchange.respond(response, closing: closing)
    }

    func sendNothing() {
        send(ServerResponse(status: .noContent))
    }

    func sendJSON(_ body: [UInt8], status: HTTPResponse.Status = .ok) {
        send(ServerResponse(status: status, fields: .json, body: body))
    }

    func refuse(_ problem: RequestProblem, closing: Bool = false) {
        report.error = problem.code
        onRefusal?(problem)
        onRefusal = nil
        send(response(to: problem), closing: closing)
    }

    /// The answer to a request that cannot be done.
    func response(to problem: RequestProblem) -> ServerResponse {
        var head = HTTPFields.json
        if let seconds = problem.retryAfter {
            head[.retryAfter] = Int(exactly: seconds).map(String.init) ?? String(seconds)
        }
        return ServerResponse(
            status: .init(integerLiteral: problem.status),
            fields: head,
            body: shape.body(of: problem, requestID: requestID)
        )
    }

    /// Answers OPTIONS.
    func preflight(_ preflightFields: HTTPFields, allow: String) {
        let transport = fields[.strictTransportSecurity]
        fields = preflightFields
        fields[.strictTransportSecurity] = transport
        fields[.allow] = allow
        sendNothing()
    }

    /// Starts a stream of `/chat/stream`, whose head leaves with the first write.
    /// - Parameter plan: What the head is to tell wrong.
    func stream(_ id: StreamID, plan: FaultPlan) -> any Outlet {
        var head = HTTPFields.eventStream(id)
        if let type = plan.contentType { head[.contentType] = type }
        // Nobody knows how long the stream will be; longer than this it is not likely to be.
        if let excess = plan.contentLengthExcess { head[.contentLength] = String(1 << 20 + excess) }
        return open(head)
    }

    /// Starts an answer whose head leaves with the first write.
    func open(_ head: HTTPFields, status: HTTPResponse.Status = .ok) -> any Outlet {
        noteStatus(status)
        return exchange.stream(status: status, fields: withOwn(head))
    }

    /// Answers HEAD as GET would be answered, and starts nothing.
    func streamHead() {
        noteStatus(.ok)
        exchange.respondHead(status: .ok, fields: withOwn(.eventStream(nil)))
    }

    /// An empty stream that tells its client to come back much later.
    func sendAway() {
        pacer.metrics.resumed(.busy)
        report.outcome = .dismissed
        var body: [UInt8] = []
        FrameEncoder.appendRetry(milliseconds: Int.random(in: 10_000...30_000), to: &body)
        send(ServerResponse(status: .ok, fields: .eventStream(nil), body: body), closing: true)
    }

    private func noteStatus(_ status: HTTPResponse.Status) {
        report.status = status.code
        pacer.metrics.responded(status: status.code)
    }

    private func withOwn(_ head: HTTPFields) -> HTTPFields {
        var head = head
        for field in fields { head.append(field) }
        return head
    }
}
