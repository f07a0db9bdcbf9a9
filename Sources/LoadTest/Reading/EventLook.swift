// SPDX-License-Identifier: Apache-2.0

internal import EventStream
internal import JSON

/// What the real parser finds in one event.
struct EventLook {
    /// Nil: the event breaks the format's grammar.
    var kind: EventKind? = .other
    /// It is the format's last event, whatever it bears besides.
    var ends = false
    /// The data is `[DONE]`, and that is not the format's own end.
    var isDone = false
    /// It has no data: a comment, or a field for the client.
    var isBlank = false
    /// Completion tokens so far; -1: not told.
    var tokens = -1
    /// Its number in the stream; -1: none.
    var sequence: Int64 = -1
    /// It is part of the answer, though there is no text in it: a tool's name.
    var bearsAnswer = false
    /// The choices that end with it, by a bit for each of the first eight.
    var finished: UInt8 = 0

    static let broken = EventLook(kind: nil)

    /// - Parameters:
    ///   - event: Without its blank line.
    ///   - isLines: It is a line of JSON, not an event of an event stream.
    static func look(at event: [UInt8], as format: StreamFormat, isLines: Bool) -> EventLook {
        guard event.withUnsafeBufferPointer(JSONScan.isText) else { return .broken }
        if isLines {
            let isBlank = event.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            return isBlank ? EventLook(isBlank: true) : look(atJSON: event, named: "", as: format)
        }
        guard let parsed = parse(event) else { return look(atBare: event) }
        if format == .eventSource { return look(atPlain: parsed) }
        let word = parsed.data.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }
        // Some servers keep a line open with blanks.
        if word.isEmpty || parsed.type == "ping" { return EventLook() }
        if word.count == 1, word[0].elementsEqual("[DONE]".utf8) { return done(format) }
        var look = look(atJSON: parsed.data, named: parsed.type, as: format)
        if look.sequence < 0, let number = Int64(parsed.lastEventID), number >= 0 { look.sequence = number }
        return look
    }

    /// Some servers put an error into an event stream as a bare object (gemini.md, Streaming transcripts).
    private static func look(atBare event: [UInt8]) -> EventLook {
        guard event.first == UInt8(ascii: "{"), let json = try? JSONReader.read(event), isProblem(json["error"]) else {
            return EventLook(isBlank: true)
        }
        return EventLook(kind: .failure)
    }

    /// The event; nil where it has no data.
    static func parse(_ event: [UInt8]) -> ServerSentEvent? {
        var parser = EventStreamParser()
        var found: ServerSentEvent?
        do {
            try parser.feed((event + [0x0A, 0x0A]).span) { found = $0 }
        } catch {
            return nil
        }
        return found
    }

    private static func done(_ format: StreamFormat) -> EventLook {
        switch format {
        case .eventSource, .openAIChat, .openAICompletions, .uiMessageStream: EventLook(kind: .end, ends: true)
        case .openAIResponses, .anthropicMessages: EventLook(isDone: true)
        case .gemini, .ollama: .broken
        }
    }

    private static func look(atPlain event: ServerSentEvent) -> EventLook {
        let name = PlainEvent.name(event.type)
        let isDone = name == .none && event.data.elementsEqual("[DONE]".utf8)
        var look = EventLook(kind: PlainEvent.kind(name, length: event.data.count, isDone: isDone), ends: isDone)
        if name == .usage { look.tokens = count((try? JSONReader.read(event.data))?["output_tokens"]) }
        return look
    }

    private static func look(atJSON data: [UInt8], named name: String, as format: StreamFormat) -> EventLook {
        let json: JSONValue
        do {
            json = try JSONReader.read(data)
        } catch {
            return .broken
        }
        guard json.members != nil else { return .broken }
        switch format {
        case .eventSource: return EventLook()
        case .openAIChat: return look(atChat: json)
        case .openAICompletions: return look(atCompletions: json)
        case .openAIResponses: return look(atResponses: json, named: name)
        case .anthropicMessages: return look(atMessages: json, named: name)
        case .gemini: return look(atGemini: json)
        case .ollama: return look(atOllama: json)
        case .uiMessageStream: return look(atUIMessage: json)
        }
    }

    /// Content goes before counts, and counts before nothing at all.
    mutating func settle(hasText: Bool, hasReasoning: Bool = false, hasToolCall: Bool = false) {
        if hasText {
            kind = .text
        } else if hasReasoning {
            kind = .reasoning
        } else if hasToolCall {
            kind = .toolCall
        } else if ends {
            kind = .end
        } else if tokens >= 0 {
            kind = .usage
        }
    }

    /// A count that a server told; -1 where it told none, or nonsense.
    static func count(_ value: JSONValue?) -> Int {
        guard let count = value?.integer, count >= 0 else { return -1 }
        return min(count, Int(Int32.max))
    }

    /// Text that is not empty.
    static func isSaid(_ value: JSONValue?) -> Bool { value?.bytes?.isEmpty == false }

    /// An error that is told: neither null nor false nor empty.
    static func isProblem(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null, .bool(false), .string([]): false
        default: true
        }
    }
}
