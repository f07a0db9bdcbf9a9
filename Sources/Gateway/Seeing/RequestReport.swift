// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import Logging
internal import Typewriter
internal import WireFormats

/// One request's line in the log: whoever knows something of it puts it in, and its connection writes it at the end.
///
/// Neither prompt nor answer, query, header or key is in it. Lives on the loop of its connection.
final class RequestReport {
    /// Of a name that the client chose.
    private static let longestName = 200

    /// When the request came, on the monotonic clock.
    let start: Nanoseconds
    private let method: String
    private let path: String
    private let client: String?
    /// Whom the client's certificate stands for.
    private let key: String?
    /// It is asked every few seconds, and in the log only where somebody looks closely.
    private let isPolled: Bool
    /// The request's name, which the answers of some APIs tell.
    var id = ""
    /// What is asked for, in the order in which it becomes known.
    private(set) var format: WireFormat?
    private(set) var model: String?
    var stream: StreamID?
    /// Who is asked.
    var call: UpstreamCall?
    var status: Int?
    /// Why there is no whole answer.
    var error: String?
    /// Nil for what the status and the connection tell.
    var outcome: AnswerOutcome?
    var firstToken: Nanoseconds?
    var units: Int?
    var usage: Usage?

    init(_ request: ServerRequest, client: String?, now: Nanoseconds) {
        self.start = now
        self.method = request.method.rawValue
        self.path = request.path
        self.client = client
        self.key = request.clientName
        let isOfMachines = StatusRoute(rawValue: request.path) != nil || AdminRoute(path: request.path) != nil
        self.isPolled = request.method == .get && isOfMachines
    }

    /// The request is understood.
    func asked(_ model: String, in format: WireFormat) {
        self.model = model
        self.format = format
    }

    /// The answer is a stream, or the rest of one.
    func read(_ spec: StreamSpec) {
        stream = spec.id
        asked(spec.start.model, in: .plainStream)
    }

    /// Writes the line.
    func write(to logger: Logger, _ end: ExchangeEnd, now: Nanoseconds) {
        let isRefused = status.map { $0 >= 400 } ?? false
        let level: Logger.Level = isPolled && !isRefused ? .debug : .info
        guard logger.logLevel <= level else { return }
        let outcome = outcome ?? (!end.isComplete ? .disconnected : isRefused ? .refused : .whole)
        logger.log(level: level, Self.message, metadata: metadata(outcome, bytes: end.bytes, now: now))
    }

    /// Writes the line of a request that was refused before it was whole.
    static func write(_ problem: HTTPProblem, path: String?, to logger: Logger) {
        logger.info(
            message,
            metadata: [
                "path": "\((path ?? "").prefix(longestName))", "status": "\(problem.status.code)",
                "outcome": "\(AnswerOutcome.refused.rawValue)", "error": "\(problem.code)",
            ]
        )
    }

    private static let message: Logger.Message = "Request ended"

    private func metadata(_ outcome: AnswerOutcome, bytes: Int, now: Nanoseconds) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "request": "\(id.isEmpty ? Self.newID() : id)", "method": "\(method)",
            "path": "\(path.prefix(Self.longestName))", "outcome": "\(outcome.rawValue)",
            "bytes": "\(bytes)", "duration_ms": .stringConvertible(Self.milliseconds(now - start)),
        ]
        func add(_ name: String, _ value: (some CustomStringConvertible & Sendable)?) {
            if let value { metadata[name] = .stringConvertible(value) }
        }
        add("client", client)
        add("key", key?.prefix(Self.longestName))
        add("status", status)
        add("error", error)
        add("format", format?.rawValue)
        add("model", model?.prefix(Self.longestName))
        add("stream", stream)
        add("units", units)
        add("ttft_ms", firstToken.map { Self.milliseconds($0 - start) })
        add("tokens_in", usage?.inputTokens)
        add("tokens_out", usage?.outputTokens)
        if let call {
            add("upstream", call.answering)
            add("attempts", call.attempts)
        }
        return metadata
    }

    static func newID() -> String {
        AnswerIdentity(model: "", seed: .random(in: 0...UInt64.max), created: 0, inputTokens: 0).hexName("req_")
    }

    /// To a tenth.
    private static func milliseconds(_ time: Nanoseconds) -> Double {
        (Double(time) / 1e5).rounded() / 10
    }
}

@available(*, unavailable)
extension RequestReport: Sendable {}
