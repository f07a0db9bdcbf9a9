// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import WireFormats

/// One answer of an upstream: makes chat events of what its transfer brings, and watches its clocks.
///
/// A state machine: parts of the transfer and times in, chat events out; the last is `end` or `fault`, and whoever
/// carries it out then cancels the transfer. Text comes out as valid UTF-8. Times are nanoseconds.
public struct ChatExchange: Sendable {
    private enum Phase: Equatable {
        case waitingForHead
        case streaming
        /// All has been said, and what follows is passed on: terminators, other choices.
        case lingering(ChatEvent)
        /// An error answer: its body is read for the reason that it may give.
        case failing(status: Int)
        case ended
    }

    /// Of an error answer's body.
    private static let longestErrorBody = 64 << 10
    /// Of an answer that is passed on as one body: a batch of embeddings has tens of megabytes.
    private static let longestBody = 64 << 20
    /// What is kept of a stream that has not said a word: some answers have none that anybody here knows.
    private static let mostKept = 256 << 10
    /// How long the rest of a stream is waited for that has said all.
    private static let lingerTime: Int64 = 1_000_000_000

    private let endpoint: UpstreamEndpoint
    private let form: AnswerForm
    private let limit: Int
    private let start: Int64
    private var phase = Phase.waitingForHead
    private var parser: any AnswerParser
    private var text = TextAssembler()
    private var refusal = TextAssembler()
    private var reasoning = TextAssembler()
    private var arguments: [Int: TextAssembler] = [:]
    private var errorBody: [UInt8] = []
    private var relay: FrameRelay?
    private var body: [UInt8] = []
    private var brackets = JSONBrackets()
    /// The answer's head, once it has come.
    public private(set) var head: TransferHead?
    /// The error answer, where it may be passed on as it is.
    public private(set) var errorAnswer: PassedAnswer?
    /// What could pass of it as it is.
    private var passableBytes = 0
    private var hasToken = false
    private var lastData: Int64
    private var isHeldBack = false

    /// - Parameters:
    ///   - form: What the client gets of it.
    ///   - limit: The most bytes of one line or event.
    ///   - start: When the transfer began.
    public init(
        endpoint: UpstreamEndpoint,
        as form: AnswerForm = .events,
        wantsUsage: Bool,
        limit: Int,
        start: Int64
    ) {
        self.endpoint = endpoint
        self.form = form
        self.limit = limit
        self.relay = form == .frames ? FrameRelay(endpoint.format) : nil
        self.start = start
        self.lastData = start
        // Whoever passes all on waits for all that may come.
        let mayHaveUsage = wantsUsage || form == .frames
        self.parser =
            AnswerParsers.parser(for: endpoint.format, wantsUsage: mayHaveUsage, limit: limit)
            ?? OpenAIChatStreamParser(wantsUsage: mayHaveUsage, limit: limit)
    }

    /// The last event is out.
    public var hasEnded: Bool { phase == .ended }

    /// When ``clockRanOut(now:)`` is to be called.
    public var deadline: Int64? { hasEnded ? nil : nextClock.time }

    /// The same. It changes nothing; being able to, it is asked in place, where a caller's optional would be copied for the
    /// property.
    mutating func nextDeadline() -> Int64? { deadline }

    /// The reader holds the transfer back, or no longer does: an upstream is not idle that may not send.
    public mutating func holdBack(_ isHeldBack: Bool, now: Int64) {
        if self.isHeldBack, !isHeldBack { lastData = now }
        self.isHeldBack = isHeldBack
    }

    /// Takes the next part of the transfer.
    public mutating func received(_ part: TransferPart, now: Int64) -> [ChatEvent] {
        guard !hasEnded else { return [] }
        lastData = now
        switch part {
        case .answered(let head): return headArrived(head)
        case .body(let bytes): return bodyArrived(bytes)
        case .ended(let end): return transferEnded(end)
        }
    }

    /// A clock has run out, if one has.
    public mutating func clockRanOut(now: Int64) -> [ChatEvent] {
        guard !hasEnded else { return [] }
        let (clock, time) = nextClock
        guard time <= now else { return [] }
        return timedOut(clock)
    }

    /// What may go to the client as it is: whole frames, or the body. Once.
    public mutating func takePassed() -> [UInt8] {
        if let frames = relay?.takeFrames() { return frames }
        guard hasEnded, !body.isEmpty else { return [] }
        defer { body = [] }
        return Secrets.removed(endpoint.key, from: body)
    }

    /// So much has come that its client may see it, though no word of it is known here.
    var hasMuchToPass: Bool { passableBytes > Self.mostKept }

    private var nextClock: (clock: ChatFault.Clock, time: Int64) {
        let total = start + Int64(endpoint.clocks.total) * 1_000_000
        if case .lingering = phase { return (.idle, isHeldBack ? total : min(total, lastData + Self.lingerTime)) }
        // A whole answer comes at once, after as long as it took to say it.
        if form == .body { return (.total, total) }
        let (clock, time): (ChatFault.Clock, Int64) =
            if hasToken {
                (.idle, isHeldBack ? .max : lastData + Int64(endpoint.clocks.idle) * 1_000_000)
            } else {
                (.firstToken, start + Int64(endpoint.clocks.firstToken) * 1_000_000)
            }
        return time <= total ? (clock, time) : (.total, total)
    }

    private mutating func headArrived(_ head: TransferHead) -> [ChatEvent] {
        self.head = head
        if form != .events {
            // They may pass to the client.
            let key = endpoint.key
            self.head?.fields.removeAll { Secrets.stands(key, in: $0.value) }
        }
        guard head.status == 200 else {
            phase = .failing(status: head.status)
            return []
        }
        guard !isCoded else {
            return end(with: .upstreamProtocol, "The upstream answered with a Content-Encoding, unasked.")
        }
        let type = head.contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard type == expectedType else {
            let shown = type.isEmpty ? "no content type" : type
            return end(with: .upstreamProtocol, "The upstream answered with \(shown), not with \(expectedType).")
        }
        phase = .streaming
        return []
    }

    private var isCoded: Bool {
        let coding = head?.value(of: "content-encoding")?.lowercased() ?? ""
        return !coding.isEmpty && coding != "identity"
    }

    private var expectedType: String {
        if form == .body { return "application/json" }
        // Ollama's streams are lines of JSON.
        return endpoint.format == .ollamaChat ? "application/x-ndjson" : "text/event-stream"
    }

    private mutating func bodyArrived(_ bytes: [UInt8]) -> [ChatEvent] {
        if case .failing = phase {
            errorBody.append(contentsOf: bytes.prefix(Self.longestErrorBody - errorBody.count))
            return []
        }
        switch form {
        case .events: return pass(parser.feed(bytes))
        case .frames: return relay(bytes)
        case .body:
            body += bytes
            brackets.take(bytes.span)
            guard body.count > Self.longestBody else { return [] }
            return end(with: .upstreamProtocol, "The upstream's answer has more than \(Self.longestBody) bytes.")
        }
    }

    /// Lets whole frames pass, and reads what they say.
    private mutating func relay(_ bytes: [UInt8]) -> [ChatEvent] {
        var out: [ChatEvent] = []
        let key = endpoint.key
        for piece in relay?.pieces(of: bytes) ?? [] {
            if phase == .streaming {
                var events = parser.feed(piece.bytes)
                if case .end? = events.last { phase = .lingering(events.removeLast()) }
                out += pass(events)
            }
            if case .fault(var fault)? = out.last {
                // In the upstream's own words, where it has some.
                if fault.kind == .upstreamError, relay?.appendError(piece, key: key) == true { fault.hasPassed = true }
                out[out.count - 1] = .fault(fault)
                return out
            }
            relay?.append(piece)
            passableBytes += piece.bytes.count
        }
        if hasMuchToPass { hasToken = true }
        return out + boundBegun()
    }

    /// A frame that does not end takes no more memory than an event may have, and what is in it that nobody reads.
    private mutating func boundBegun() -> [ChatEvent] {
        let begun = relay?.begunBytes ?? 0
        if case .lingering = phase { return begun > limit ? finishRelay() : [] }
        guard begun > 2 * limit, !hasEnded else { return [] }
        return end(with: .upstreamProtocol, "An event of the upstream has more than \(2 * limit) bytes.")
    }

    /// What has been held back comes out: nothing follows it.
    private mutating func finishRelay() -> [ChatEvent] {
        guard case .lingering(let end) = phase else { return [] }
        relay?.end()
        return pass([end])
    }

    private mutating func transferEnded(_ end: TransferPart.End) -> [ChatEvent] {
        if case .failing(let status) = phase { return failed(status: status, isWhole: end == .complete) }
        if case .lingering = phase { return finishRelay() }
        switch end {
        case .complete where phase == .streaming && form == .body: return bodyEnded()
        case .complete where phase == .streaming, .reset where parser.hasWholeText: return finishParser()
        case .complete: return self.end(with: .upstreamProtocol, "The upstream gave an empty answer.")
        case .refused(let reason):
            return self.end(with: .upstreamRefused, "The upstream cannot be reached: \(reason)", retryable: true)
        case .connectTimedOut: return timedOut(.connect)
        case .reset(let reason):
            return self.end(with: .upstreamReset, "The upstream dropped the connection: \(reason)", retryable: true)
        case .notHTTP(let reason):
            return self.end(with: .upstreamProtocol, "The upstream does not speak HTTP: \(reason)")
        }
    }

    private mutating func bodyEnded() -> [ChatEvent] {
        // Where nothing but the end of the connection ends a body, a cut looks like that.
        guard brackets.areClosed else {
            return end(with: .truncated, "The upstream's answer stopped in the middle.", retryable: true)
        }
        let usage = Usage(ofBody: body, format: endpoint.format).map { [ChatEvent.usage($0)] } ?? []
        return pass(usage + [.end(.stop)])
    }

    private mutating func finishParser() -> [ChatEvent] {
        var events = parser.finish()
        let key = endpoint.key
        switch events.last {
        case .end?: relay?.end()
        case .fault(var fault)? where fault.kind == .upstreamError:
            // In the upstream's own words, though they lack their end.
            fault.hasPassed = relay?.appendError(nil, key: key) ?? false
            events[events.count - 1] = .fault(fault)
        default: break
        }
        return pass(events)
    }

    private mutating func failed(status: Int, isWhole: Bool) -> [ChatEvent] {
        let reason = OpenAIChatError.message(inBody: errorBody).map { ": \($0)" } ?? "."
        var fault = ChatFault(
            kind: .upstreamStatus,
            message: "The upstream answered with status \(status)\(reason)",
            retryable: ChatFault.isRetryable(status: status)
        )
        fault.status = status
        fault.retryAfter = head?.retryAfter
        // A part of a body is no answer.
        let mayPass = isWhole && !isCoded && errorBody.count < Self.longestErrorBody
        if form != .events, mayPass, let head, JSONBrackets.areClosed(in: errorBody) {
            errorAnswer = PassedAnswer(head: head, body: Secrets.removed(endpoint.key, from: errorBody))
        }
        return end(with: fault)
    }

    private mutating func timedOut(_ clock: ChatFault.Clock) -> [ChatEvent] {
        if case .lingering = phase { return finishRelay() }
        if parser.hasWholeText { return finishParser() }
        let (what, milliseconds) =
            switch clock {
            case .connect: ("no connection", endpoint.clocks.connect)
            case .firstToken: ("no token", endpoint.clocks.firstToken)
            case .idle: ("no data", endpoint.clocks.idle)
            case .total: ("no end of its answer", endpoint.clocks.total)
            }
        let message = "The upstream had \(what) for \(milliseconds) ms."
        return end(with: ChatFault(kind: .upstreamTimeout, message: message, retryable: true, clock: clock))
    }

    private mutating func end(
        with kind: ChatFault.Kind,
        _ message: String,
        retryable: Bool = false
    ) -> [ChatEvent] {
        end(with: ChatFault(kind: kind, message: message, retryable: retryable))
    }

    private mutating func end(with fault: ChatFault) -> [ChatEvent] {
        pass([.fault(fault)])
    }

    /// Repairs texts, masks keys, and notes what the clocks have to know.
    private mutating func pass(_ events: [ChatEvent]) -> [ChatEvent] {
        var out: [ChatEvent] = []
        for event in events {
            switch event {
            case .text(let bytes):
                hasToken = true
                Self.append(text.append(bytes), as: ChatEvent.text, to: &out)
            case .reasoning(let bytes):
                hasToken = true
                Self.append(reasoning.append(bytes), as: ChatEvent.reasoning, to: &out)
            case .refusal(let bytes):
                hasToken = true
                Self.append(refusal.append(bytes), as: ChatEvent.refusal, to: &out)
            case .toolCall(var delta):
                hasToken = true
                delta.arguments = arguments[delta.index, default: TextAssembler()].append(delta.arguments)
                out.append(.toolCall(delta))
            case .usage: out.append(event)
            case .end, .fault:
                phase = .ended
                Self.append(reasoning.finish(), as: ChatEvent.reasoning, to: &out)
                Self.append(text.finish(), as: ChatEvent.text, to: &out)
                Self.append(refusal.finish(), as: ChatEvent.refusal, to: &out)
                out.append(masked(event))
            }
        }
        return out
    }

    private func masked(_ event: ChatEvent) -> ChatEvent {
        guard case .fault(var fault) = event else { return event }
        fault.message = Secrets.masked(fault.message, key: endpoint.key)
        return .fault(fault)
    }

    private static func append(_ bytes: [UInt8], as event: ([UInt8]) -> ChatEvent, to out: inout [ChatEvent]) {
        if !bytes.isEmpty { out.append(event(bytes)) }
    }
}
