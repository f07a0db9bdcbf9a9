// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Typewriter

extension AnswerInspector {
    /// Everything has come that tells a client that the answer is whole.
    var isWhole: Bool {
        switch rules?.ending {
        case .terminator, .bareTerminator: transcript.terminators > 0
        case .finish: transcript.finishes > 0
        case nil, AnswerEnding.none?: events > 0
        }
    }

    mutating func judge(_ cut: AnswerCut, at time: Nanoseconds) {
        let place = "after \(events) events and \(bytes) bytes"
        let rest = reader?.rest ?? []
        switch cut {
        case .complete: judgeEnding()
        case .refused(let reason): add(.refused, reason, "a connection")
        case .notHTTP(let reason): add(.notHTTP, reason, "an HTTP response")
        case .reset(let reason): add(.reset, "\(place): \(reason)", "the body's end")
        case .closed where isWhole && (length ?? 0) > bytes:
            add(.contentLength, "\(bytes) bytes", "\(length ?? 0), as Content-Length says")
        case .closed where !rest.isEmpty:
            add(
                .truncate,
                "the connection closed \(place), inside an event: \(Excerpts.quoted(rest))",
                "the rest of it"
            )
        case .closed(let reason): add(.close, "the connection closed \(place): \(reason)", "the body's end")
        case .silent(let limit):
            add(.stall, "nothing any more \(place), for \(limit / .millisecond) ms", "an event, or the end")
        }
    }

    private mutating func add(_ kind: FindingKind, _ seen: String, _ expected: String) {
        transcript.log.add(kind, seen: seen, expected: expected, event: events > 0 ? events : nil, offset: bytes)
    }

    /// The body ended as its framing said: did the answer?
    private mutating func judgeEnding() {
        guard !transcript.hasFailed, let ending = rules?.ending, ending != .none else { return }
        let hasAll = settings.expect.map { shown($0) == text } ?? false
        let seen = "the body ended after \(events) events"
        let (finishes, terminators) = (transcript.finishes, transcript.terminators)
        switch (ending, finishes > 0, terminators > 0) {
        case (.terminator, false, true), (.finish, false, true): add(.missingFinish, "no finish", "why the answer ends")
        case (.finish, false, false) where hasAll: add(.missingFinish, "\(seen), without a finish", "one")
        case (.terminator, true, false), (.bareTerminator, true, false):
            add(.missingTerminator, seen, "the event that ends the stream")
        case (.bareTerminator, false, false) where hasAll:
            add(.missingTerminator, seen, "the event that ends the stream")
        case (_, false, false): add(.end, "\(seen), well framed", "the rest of the answer, and its end")
        default: break
        }
    }

    /// It turned out that the text was whole.
    mutating func onlyTerminatorIsMissing() {
        transcript.log.remove(.end)
        add(.missingTerminator, "the body ended after \(events) events", "the event that ends the stream")
    }

    mutating func judgeArguments() {
        // An answer that is cut, or was at its limit, may leave them open.
        guard isWhole, transcript.finish != "length", transcript.finish != "max_tokens" else { return }
        for call in transcript.arguments where !call.bytes.isEmpty {
            guard (try? JSONReader.read(call.bytes)) == nil else { continue }
            let seen = "arguments of a tool call that are no JSON: \(Excerpts.quoted(call.bytes.suffix(40)))"
            transcript.log.add(.brokenToolArguments, call.frame, seen: seen, expected: "a JSON object")
        }
    }

    mutating func judgeTexts(_ cut: AnswerCut) {
        for channel in transcript.channels { TextCheck(channel: channel).judgeWholeness(&transcript.log) }
        if isWhole { judgeUsage() }
        guard let expect = settings.expect, cut == .complete || isWhole else { return dropExplained() }
        let channel = transcript.channels.first { $0.name == AnswerTranscript.main }
        if !transcript.log.contains(where: \.altersText) {
            TextCheck(channel: channel ?? .init(name: "text")).compare(with: shown(expect), &transcript.log)
        }
        dropExplained()
    }

    private mutating func judgeUsage() {
        if transcript.outputTokens == 0, !text.isEmpty {
            transcript.log.add(.usage, seen: "0 output tokens for \(text.count) bytes of text", expected: "more than 0")
        }
        if transcript.inputTokens == 0 {
            transcript.log.add(.usage, seen: "0 input tokens", expected: "more than 0")
        }
        if settings.wantsUsage, transcript.outputTokens == nil {
            let expected = "a chunk with usage, as stream_options asks for"
            transcript.log.add(.usage, seen: "no token counts", expected: expected)
        }
    }

    /// A text that differs because an event is lost is not a second finding.
    private mutating func dropExplained() {
        if transcript.log.contains(where: \.altersText) { transcript.log.remove(.text) }
    }

    /// As an event stream shows a text: each line end as LF, NUL as U+FFFD. JSON keeps them.
    private func shown(_ text: [UInt8]) -> [UInt8] {
        guard format == .eventSource, !isJSON else { return text }
        var out: [UInt8] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case 0x0D:
                out.append(0x0A)
                if index + 1 < text.count, text[index + 1] == 0x0A { index += 1 }
            case 0: out += [0xEF, 0xBF, 0xBD]
            case let byte: out.append(byte)
            }
            index += 1
        }
        return out
    }

    private var isJSON: Bool { (rules as? EventSourceRules)?.bearsJSON == true }
}
