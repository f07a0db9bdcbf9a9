// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct TargetReaderTests {
    private static let contents = SampleStream.words.count

    @Test(arguments: StreamFormat.allCases)
    func `a whole stream of each format is complete, and its tokens are counted`(format: StreamFormat) throws {
        let bytes = PlayedResponse.chunked(try SampleStream.frames(format), type: SampleStream.type(format))
        for told in [format, nil] {
            let reader = TargetReader(target: PlayedResponse.target(told))
            let played = PlayedResponse.play(bytes, to: reader, closes: false)
            #expect(played.end == .complete)
            #expect(played.isReusable)
            #expect(played.kinds.count { $0.isContent } == Self.contents)
            #expect(played.kinds.count { $0 == .end } == 1)
            #expect(played.kinds.last { $0 != .usage } == .end)
            #expect(reader.format == format)
            let tellsTokens = ![.eventSource, .openAICompletions, .uiMessageStream].contains(format)
            #expect(played.tokens == (tellsTokens ? Int32(Self.contents) : 0))
            #expect(reader.counts.disagreements == 0)
        }
    }

    @Test(arguments: StreamFormat.allCases)
    func `cut anywhere, a stream is read as in one piece`(format: StreamFormat) throws {
        var dice = Dice(seed: 5)
        let readers = (0..<3).map { _ in TargetReader(target: PlayedResponse.target(format)) }
        for seed in 1...60 as ClosedRange<UInt64> {
            let reader = readers[Int(seed % 3)]
            let words = (0..<12).map { _ in SampleStream.words.randomElement(using: &dice) ?? "" }
            var frames = try SampleStream.frames(format, words: words, seed: seed)
            if seed % 3 == 1, format != .ollama { frames = frames.map { $0.replacing("\n", with: "\r\n") } }
            if seed % 3 == 2, format != .ollama { frames = frames.map { $0.replacing("\n", with: "\r") } }
            let bytes = PlayedResponse.chunked(frames, type: SampleStream.type(format))
            let whole = PlayedResponse.play(bytes, to: TargetReader(target: PlayedResponse.target(format)))
            let count = seed % 7 == 0 ? bytes.count : 20
            let cuts = count == bytes.count ? Array(0..<bytes.count) : PlayedResponse.cuts(count, in: bytes, &dice)
            let played = PlayedResponse.play(bytes, to: reader, cuts: cuts)
            #expect(played == whole)
            #expect(whole.end == .complete)
            #expect(whole.kinds.count { $0.isContent } == 12)
        }
        for reader in readers {
            #expect(reader.counts.disagreements == 0)
            #expect(reader.counts.proven > 0)
            #expect(reader.counts.byTemplate > reader.counts.byParser)
        }
    }

    @Test(arguments: StreamFormat.allCases)
    func `without its last event a stream is truncated, and cut in mid-event too`(format: StreamFormat) throws {
        let frames = try SampleStream.frames(format)
        let last = frames.lastIndex { $0.contains("[DONE]") } ?? frames.count - 1
        // OpenAI's responses end with an event of their own.
        let kept = frames[..<(format == .openAIResponses ? last - 1 : last)]
        let type = SampleStream.type(format)
        let half = kept.dropLast() + [String(kept[kept.endIndex - 1].prefix(20))]
        for frames in [Array(kept), Array(half)] {
            let reader = TargetReader(target: PlayedResponse.target(format))
            let bytes = PlayedResponse.chunked(frames, type: type)
            #expect(PlayedResponse.play(bytes, to: reader).end == .truncated)
            #expect(PlayedResponse.play(bytes.dropLast(5), to: reader).end == .truncated)
        }
    }

    @Test(arguments: StreamFormat.allCases.filter { $0 != .eventSource })
    func `broken JSON, invalid UTF-8 and a second end break the grammar`(format: StreamFormat) throws {
        let type = SampleStream.type(format)
        let frames = try SampleStream.frames(format)
        let reader = TargetReader(target: PlayedResponse.target(format))
        for _ in 1...3 {
            #expect(PlayedResponse.play(PlayedResponse.chunked(frames, type: type), to: reader).end == .complete)
        }
        let place = try #require(frames.firstIndex { $0.contains("é") })
        var broken = frames
        let brace = try #require(broken[place].lastIndex(of: "}"))
        broken[place].remove(at: brace)
        #expect(PlayedResponse.play(PlayedResponse.chunked(broken, type: type), to: reader).end == .grammar)

        var bytes = PlayedResponse.chunked(frames, type: type)
        let letter = try #require(bytes.firstIndex(of: 0xC3))
        bytes[letter] = 0xFF
        #expect(PlayedResponse.play(bytes, to: reader).end == .grammar)

        let doubled = frames + [try #require(frames.last)]
        let played = PlayedResponse.play(PlayedResponse.chunked(doubled, type: type), to: reader)
        #expect(played.end == .grammar)
        #expect(!played.isReusable)
        let extra = frames + [frames[place]]
        let late = PlayedResponse.play(PlayedResponse.chunked(extra, type: type), to: reader).end
        #expect(late == (format == .gemini ? .complete : .grammar))
    }

    @Test(arguments: StreamFormat.allCases)
    func `random bytes never crash, and end at last`(format: StreamFormat) throws {
        var dice = Dice(seed: 11)
        let frames = try SampleStream.frames(format)
        let type = SampleStream.type(format)
        let reader = TargetReader(target: PlayedResponse.target(format))
        for _ in 0..<150 {
            var bytes = PlayedResponse.chunked(frames, type: type)
            for _ in 0..<Int.random(in: 0...6, using: &dice) {
                let at = Int.random(in: 0..<bytes.count, using: &dice)
                switch Int.random(in: 0...3, using: &dice) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &dice)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &dice), at: at)
                default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 40)], at: at)
                }
            }
            let cuts = PlayedResponse.cuts(8, in: bytes, &dice)
            #expect(PlayedResponse.play(bytes, to: reader, cuts: cuts).end != nil)
            let noise = (0..<200).map { _ in UInt8.random(in: 0...255, using: &dice) }
            #expect(PlayedResponse.play(noise, to: reader, cuts: PlayedResponse.cuts(3, in: noise, &dice)).end != nil)
        }
        #expect(reader.counts.disagreements == 0)
    }

    @Test func `the state of a response is small`() {
        #expect(MemoryLayout<ResponseState>.size <= 96)
    }
}
