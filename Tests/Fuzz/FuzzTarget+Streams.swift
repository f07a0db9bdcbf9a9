// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import TestSupport
import Typewriter
import WireFormats

extension FuzzTarget {
    /// The parsers of upstreams' answers.
    static let streams = [
        stream("OpenAIChatStreamParser", .openAIChat),
        stream("OpenAIResponsesStreamParser", .openAIResponses),
        stream("AnthropicMessagesStreamParser", .anthropicMessages),
        stream("GeminiStreamParser", .gemini),
        stream("OllamaStreamParser", .ollamaChat),
        stream("UIMessageStreamParser", .uiMessageStream),
    ]

    private static func stream(_ name: String, _ format: WireFormat) -> FuzzTarget {
        FuzzTarget(name: name) { bytes in
            var dice = Chance.dice(for: bytes)
            let limit = dice.next() % 4 == 0 ? Int.random(in: 1...256, using: &dice) : 8 << 20
            guard let parser = AnswerParsers.parser(for: format, limit: limit) else { return }
            let whole = events(of: [bytes], parser)
            let cut = events(of: Cuts.pieces(of: bytes, &dice), parser)
            Promise.check(whole == cut, "cuts change what is read, limit \(limit): \(whole) and \(cut)")
            Promise.check(whole.indices.filter { isLast(whole[$0]) } == [whole.count - 1], "no one end: \(whole)")
            let usages = whole.compactMap { event in if case .usage(let usage) = event { usage } else { nil } }
            for usage in usages {
                let counts = [usage.inputTokens, usage.outputTokens, usage.reasoningTokens, usage.cachedTokens]
                Promise.check(counts.allSatisfy { $0 >= 0 }, "a count is negative: \(usage)")
                _ = usage.totalTokens
            }
            // Takes longer than all before it.
            if dice.next() % 4 == 0 { tell(bytes, parser, format, &dice) }
        }
    }

    /// Tells the answer again, in any format.
    private static func tell(_ bytes: [UInt8], _ parser: any AnswerParser, _ format: WireFormat, _ dice: inout Dice) {
        let reads = Cuts.pieces(of: bytes, &dice).enumerated().map { Cassette.Read(time: Nanoseconds($0), bytes: $1) }
        let cassette = Cassette(format: format, reads: reads, endTime: Nanoseconds(reads.count))
        let script = cassette.script(using: parser, keepsTiming: dice.next() % 2 == 0)
        let asker = Parsers.askers[Int.random(in: Parsers.askers.indices, using: &dice)]
        Answered.check([script], by: asker)
    }

    private static func events(of pieces: [[UInt8]], _ parser: any AnswerParser) -> [ChatEvent] {
        var parser = parser
        var events: [ChatEvent] = []
        for piece in pieces { events += parser.feed(piece) }
        events += parser.finish()
        let late = parser.feed(Array("data: [DONE]\n\n".utf8)) + parser.finish()
        Promise.check(late.isEmpty, "something comes after the end: \(late)")
        return events
    }

    private static func isLast(_ event: ChatEvent) -> Bool {
        switch event {
        case .end, .fault: true
        default: false
        }
    }
}
