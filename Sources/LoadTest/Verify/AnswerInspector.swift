// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Typewriter
internal import Upstream

/// Judges one answer: the head, the bytes as they come, and how the transfer ended go in, findings come out.
///
/// Pure: it knows no socket, and time is a parameter.
struct AnswerInspector {
    struct Settings: Sendable {
        /// Nil: guessed from the first event.
        var format: StreamFormat?
        /// What the answer's text has to be.
        var expect: [UInt8]?
        /// The request asks for token counts, which come only then.
        var wantsUsage = false
        /// No event for longer than this is a stall.
        var stall: Nanoseconds = 3 * .second
        /// Longer events are a finding.
        var largestEvent = 1 << 20
    }

    /// An event with an id and text: where a reader can go on.
    struct Mark: Equatable, Sendable {
        var id: String
        /// Bytes of the text until here.
        var text: Int
    }

    /// More than this of one answer is not read.
    private static let mostBytes = 512 << 20
    /// Nor more events than this: each is remembered.
    private static let mostEvents = 1 << 20
    /// Events that are kept until one of them tells the format.
    private static let mostUnknown = 4

    let settings: Settings
    private(set) var format: StreamFormat?
    private(set) var status = 0
    private(set) var bytes = 0
    private(set) var events = 0
    /// Where a reader could have been cut; ``stopsAfter`` counts them.
    private(set) var marks: [Mark] = []
    /// The first and the last id of all events.
    private(set) var firstID: String?
    private(set) var lastID: String?
    /// The id of the event that ends the answer.
    private(set) var endID: String?
    /// So many marks are wanted: what follows them is passed over.
    var stopsAfter: Int?

    var transcript = AnswerTranscript()
    private(set) var rules: (any AnswerRules)?
    private var unknown: [StreamFrame] = []
    private(set) var reader: FrameReader?
    private var habits = PieceHabits()
    private var contentType = ""
    private(set) var length: Int?
    /// Of a body that is no answer.
    private var errorBody: [UInt8] = []
    private var lastEvent: Nanoseconds?

    init(_ settings: Settings) {
        self.settings = settings
        format = settings.format
    }

    var log: FindingLog { transcript.log }

    /// The text that is shown.
    var text: [UInt8] { transcript.text() }

    /// Enough has been read, or more than can be.
    var isSated: Bool {
        if let stopsAfter, marks.count >= stopsAfter { return true }
        return isOverfull || reader?.isGivenUp == true
    }

    private var isOverfull: Bool { bytes > Self.mostBytes || events >= Self.mostEvents }

    // MARK: In

    mutating func answered(_ head: TransferHead, at time: Nanoseconds) {
        status = head.status
        contentType = head.contentType
        length = head.value(of: "content-length").flatMap { Int($0) }
        lastEvent = nil
        guard status == 200 else { return }
        if format == nil, essence == "application/x-ndjson" { format = .ollama }
    }

    mutating func received(_ piece: [UInt8], at time: Nanoseconds) {
        bytes += piece.count
        guard status == 200 else {
            errorBody += piece.prefix(max(0, 300 - errorBody.count))
            return
        }
        if reader == nil { reader = FrameReader(isEventStream: isEventStream(piece), largest: settings.largestEvent) }
        guard !isSated, let frames = reader?.feed(piece, at: time, &transcript.log) else { return }
        habits.read(rest: reader?.rest ?? [], hasEnded: !frames.isEmpty, at: time)
        for frame in frames where !isSated { take(frame) }
    }

    /// The transfer is over; nothing comes after it.
    mutating func ended(_ cut: AnswerCut, at time: Nanoseconds) {
        guard status == 200 || status == 0 else { return judgeStatus() }
        settleFormat()
        if cut == .complete { takeRest(at: time) }
        if status == 200 { judgeContentType() }
        rules?.finish(&transcript)
        judge(cut, at: time)
        judgeArguments()
        judgeTexts(cut)
        habits.judge(&transcript.log)
    }

    /// We have cut the transfer ourselves: only what came is judged.
    mutating func abandoned() {
        settleFormat()
        rules?.finish(&transcript)
        guard isOverfull else { return }
        let seen = "\(events) events and \(bytes) bytes, and no end"
        transcript.log.add(.giant, seen: seen, expected: "an answer that ends", offset: bytes)
    }

    // MARK: Events

    private mutating func take(_ frame: StreamFrame) {
        events += 1
        // A ping keeps the connection, and tells the reader nothing.
        if frame.name != "ping" {
            if let lastEvent, frame.at - lastEvent > settings.stall {
                let seen = "nothing for \((frame.at - lastEvent) / .millisecond) ms"
                let expected = "an event within \(settings.stall / .millisecond) ms"
                transcript.log.add(.stall, frame, seen: seen, expected: expected)
            }
            lastEvent = frame.at
        }
        if rules == nil {
            unknown.append(frame)
            format = format ?? StreamFormat.guess(frame) ?? (unknown.count < Self.mostUnknown ? nil : .eventSource)
            if format != nil { settleFormat() }
        } else {
            apply(frame)
        }
    }

    private mutating func settleFormat() {
        guard rules == nil else { return }
        let format = format ?? .eventSource
        if !unknown.isEmpty { self.format = format }
        rules = format.rules
        for frame in unknown { apply(frame) }
        unknown = []
    }

    private mutating func apply(_ frame: StreamFrame) {
        let before = transcript.text().count
        let terminators = transcript.terminators
        rules?.take(frame, &transcript)
        guard let id = frame.id else { return }
        firstID = firstID ?? id
        lastID = id
        if transcript.terminators > terminators { endID = id }
        let count = transcript.text().count
        if count > before { marks.append(Mark(id: id, text: count)) }
    }

    /// What follows the last blank line, where the body ended well.
    private mutating func takeRest(at time: Nanoseconds) {
        guard let rest = reader?.rest, !rest.isEmpty else { return }
        if let value = try? JSONReader.read(rest), value.members != nil {
            // Gemini tells an error in mid-stream as bare JSON.
            if let error = value["error"] { return transcript.fail(error["message"]?.text ?? error.text, nil) }
            if format == .ollama, let frame = reader?.takeRest(at: time, &transcript.log) { take(frame) }
        }
        transcript.log.add(
            .grammar,
            seen: "the body ends inside an event: \(Excerpts.quoted(rest.suffix(40)))",
            expected: format == .ollama ? "a line end" : "a blank line, without which clients drop it",
            event: events + 1,
            offset: bytes - rest.count
        )
    }

    // MARK: The head

    /// Without its parameters.
    private var essence: String {
        contentType.split(separator: ";").first.map { $0.lowercased().filter { $0 != " " } } ?? ""
    }

    private mutating func judgeContentType() {
        let expected = format == .ollama ? "application/x-ndjson" : "text/event-stream"
        if essence != expected {
            let seen = contentType.isEmpty ? "no Content-Type" : Excerpts.quoted(contentType.utf8, limit: 80)
            transcript.log.add(.contentType, seen: seen, expected: expected)
        }
    }

    private func isEventStream(_ first: [UInt8]) -> Bool {
        if let format { return format != .ollama }
        return first.first { $0 > 0x20 } != UInt8(ascii: "{")
    }

    private mutating func judgeStatus() {
        let kind = status == 429 ? FindingKind.rateLimit : .status
        let body = errorBody.isEmpty ? "" : ": " + Excerpts.quoted(errorBody, limit: 160)
        transcript.log.add(kind, seen: "status \(status)\(body)", expected: "200")
    }
}
