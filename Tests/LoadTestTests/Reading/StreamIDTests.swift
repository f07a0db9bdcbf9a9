// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

@testable import LoadTest

/// Ids of events, what they tell of losses, and the promise of typebar's start frame.
struct StreamIDTests {
    private static let words = [
        "One", "\n", " two", "\r\n", " é\n\n", "\r", "\n", "👩‍🚀", "\u{0}", "\u{FFFD}", "\"", " end",
    ]

    private static func end(_ frames: [String], _ reader: TargetReader) -> StreamEnd? {
        PlayedResponse.play(PlayedResponse.chunked(frames), to: reader).end
    }

    @Test(arguments: [false, true])
    func `ids that fit the text are whole, whatever its line ends`(isJSON: Bool) {
        let reader = TargetReader(target: PlayedResponse.target(.eventSource))
        #expect(Self.end(SampleStream.plain(Self.words, isJSON: isJSON), reader) == .complete)
        var dice = Dice(seed: 3)
        for _ in 0..<300 {
            let words = (0..<10).map { _ in Self.words.randomElement(using: &dice) ?? "" }
            #expect(Self.end(SampleStream.plain(words, isJSON: isJSON), reader) == .complete)
        }
        #expect(reader.counts.disagreements == 0)
    }

    @Test(arguments: [false, true])
    func `a lost, a repeated and an exchanged unit are noticed`(isJSON: Bool) {
        let reader = TargetReader(target: PlayedResponse.target(.eventSource))
        let frames = SampleStream.plain(["One", " two", " three", " four"], isJSON: isJSON)
        #expect(Self.end(frames, reader) == .complete)
        #expect(Self.end(Array(frames[..<2] + frames[3...]), reader) == .lostIDs)
        #expect(Self.end(Array(frames[..<3] + frames[2...]), reader) == .repeatedIDs)
        #expect(Self.end(Array(frames[..<2] + [frames[3], frames[2]] + frames[4...]), reader) == .repeatedIDs)
        #expect(Self.end(Array(frames.dropLast()), reader) == .truncated)
    }

    @Test func `numbers that went up by one have to go on so`() {
        let reader = TargetReader(target: PlayedResponse.target(.eventSource))
        let frames = (1...9).map { "id: \($0)\ndata: x\n\n" }
        #expect(Self.end(frames, reader) == .complete)
        #expect(Self.end(Array(frames[..<3] + frames[4...]), reader) == .lostIDs)
        #expect(Self.end(Array(frames[..<3] + frames[2...]), reader) == .repeatedIDs)
        let other = TargetReader(target: PlayedResponse.target(.eventSource))
        for _ in 1...3 { #expect(Self.end([3, 9, 9, 4].map { "id: \($0)\ndata: x\n\n" }, other) == .complete) }
    }

    @Test func `the sequence numbers of OpenAI's responses are followed, by template and by parser`() throws {
        let reader = TargetReader(target: PlayedResponse.target(.openAIResponses))
        let frames = try SampleStream.frames(.openAIResponses)
        let place = try #require(frames.firstIndex { $0.contains("done") && $0.contains("output_text.delta") })
        for _ in 1...3 {
            #expect(Self.end(frames, reader) == .complete)
            #expect(Self.end(Array(frames[..<place] + frames[(place + 1)...]), reader) == .lostIDs)
            #expect(Self.end(Array(frames[...place] + frames[place...]), reader) == .repeatedIDs)
        }
    }

    @Test(
        arguments: [
            ("/chat/stream?prompt=x", nil, PromisedCadence(firstToken: 300 * .millisecond, gap: 20 * .millisecond)),
            ("/chat/stream?prompt=x&ttft=50.5", nil, PromisedCadence(firstToken: 50_500_000, gap: 20 * .millisecond)),
            ("/chat/stream", #"{"ttft": 40}"#, PromisedCadence(firstToken: 40 * .millisecond, gap: 20 * .millisecond)),
            (
                "/chat/stream?model=m%3Fttft%3D7", nil,
                PromisedCadence(firstToken: 7 * .millisecond, gap: 20 * .millisecond)
            ),
            ("/chat/stream?jitter=0.5", nil, nil), ("/chat/stream", #"{"pause":20}"#, nil),
            ("/chat/stream?burst=2", nil, nil), ("/chat/stream?cadence=gamma", nil, nil),
        ] as [(String, String?, PromisedCadence?)]
    )
    func `the start frame promises a pace that is constant`(path: String, body: String?, promise: PromisedCadence?) {
        let reader = TargetReader(target: PlayedResponse.target(nil, path: path, body: body))
        #expect(Self.end(SampleStream.plain(["a"]), reader) == .complete)
        #expect(reader.promised == promise)
        #expect(reader.format == .eventSource)
    }
}
