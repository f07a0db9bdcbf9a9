// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Events whose data is text: typebar's `/chat/stream` in both of its forms, and other servers for an `EventSource`.
struct EventSourceRules: AnswerRules {
    private enum Body {
        case text
        /// `{"delta":"…"}`
        case json
    }

    private var body: Body?
    private var chain = IDChain()
    /// The stream that typebar's ids name.
    private var stream: String?
    private var isTypebar = false
    /// The last piece ended with a line break, which may have been the CR of a CRLF.
    private var endsWithBreak = false

    /// Each event is an object with a delta, in which text stays as it is.
    var bearsJSON: Bool { body == .json }

    var ending: AnswerEnding { isTypebar ? .bareTerminator : .none }

    mutating func take(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        switch frame.name {
        case "start": takeStart(frame, &transcript)
        case "fault":
            guard let value = transcript.object(frame) else { return }
            transcript.fail(value["message"]?.text ?? value["kind"]?.text, frame)
        case "reasoning":
            guard let value = transcript.object(frame) else { return }
            if let delta = value["delta"]?.bytes { transcript.say(delta, as: "reasoning", frame) }
        case "tool":
            guard let value = transcript.object(frame) else { return }
            let key = value["index"]?.integer.map(String.init) ?? ""
            if let piece = value["arguments"]?.bytes { transcript.argue(piece, key: key, frame) }
        case "usage":
            guard let value = transcript.object(frame) else { return }
            transcript.count(input: value["input_tokens"]?.integer, output: value["output_tokens"]?.integer, frame)
            // It stands before the last frame, so only that one can be missing.
            transcript.finish("usage")
        default:
            if frame.isDone { transcript.terminate(frame) } else { takeText(frame, &transcript) }
        }
    }

    private mutating func takeStart(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let value = transcript.object(frame) else { return }
        guard let id = frame.id, let (sid, offset) = Self.split(id) else { return }
        isTypebar = value["id"]?.text == sid
        stream = sid
        chain.start = offset
    }

    private mutating func takeText(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        let piece = text(of: frame, &transcript)
        link(frame, piece, &transcript)
        guard let piece else { return }
        endsWithBreak = piece.last == 0x0A
        transcript.say(piece, as: frame.name == "message" ? AnswerTranscript.main : frame.name, frame)
    }

    private mutating func text(of frame: StreamFrame, _ transcript: inout AnswerTranscript) -> [UInt8]? {
        if body == nil { body = frame.data.starts(with: Array(#"{"delta":"#.utf8)) ? .json : .text }
        guard body == .json, frame.name == "message" else { return frame.data }
        guard let value = transcript.object(frame) else { return nil }
        return transcript.require("delta", "string", in: value, frame)?.bytes
    }

    private mutating func link(_ frame: StreamFrame, _ piece: [UInt8]?, _ transcript: inout AnswerTranscript) {
        guard let id = frame.id else {
            if !chain.isEmpty {
                transcript.log.add(.ids, frame, seen: "an event without an id", expected: "an id, as the others have")
            }
            return
        }
        if let number = Int(id) { return chain.add(frame, end: number) }
        guard let (sid, offset) = Self.split(id) else { return }
        if let stream, stream != sid {
            transcript.log.add(.ids, frame, seen: "an id of stream \(sid)", expected: "one of \(stream)")
        }
        stream = sid
        guard let piece else {
            chain.unreadable += 1
            return
        }
        chain.add(frame, end: offset, step: steps(piece))
    }

    /// How many bytes of the model's text an event can stand for. In text form line ends are shown as LF and NUL as
    /// U+FFFD, so that its length does not tell it all.
    private func steps(_ piece: [UInt8]) -> ClosedRange<Int> {
        // Bytes that are no UTF-8 were none of the text's.
        if FrameGrammar.firstInvalid(piece[...]) != nil { return 0...piece.count }
        guard body == .text else { return piece.count...piece.count }
        let breaks = piece.count { $0 == 0x0A } + (endsWithBreak ? 1 : 0)
        let replacements = piece.count { $0 == 0xBD }
        return piece.count - 2 * replacements...piece.count + breaks
    }

    mutating func finish(_ transcript: inout AnswerTranscript) {
        chain.judge(unit: stream == nil ? "events" : "bytes", &transcript.log)
    }

    /// `<sid>.<offset>` in its parts.
    static func split(_ id: String) -> (stream: String, offset: Int)? {
        guard let dot = id.lastIndex(of: "."), dot > id.startIndex else { return nil }
        let digits = id[id.index(after: dot)...]
        guard let offset = Int(digits), IDChain.numbers.contains(offset), digits.utf8.first != UInt8(ascii: "+") else {
            return nil
        }
        return (String(id[..<dot]), offset)
    }
}
