// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

struct OllamaFuzzTests {
    private static let body = Array(
        #"""
        {"model":"m","messages":[{"role":"user","content":"u","images":["a"],
        "tool_calls":[{"function":{"name":"f","arguments":{}}}]}],"tools":[],"format":"json","think":true,
        "options":{"stop":["x"],"seed":1},"prompt":"p","input":["a"],"dimensions":8,"keep_alive":0}
        """#.utf8
    )

    @Test
    func `what is rendered is read again as it was said`() throws {
        var dice = Dice(seed: 1)
        let chat = try OllamaChatRequest(body: Self.body)
        let generation = try OllamaGenerateRequest(body: Self.body)
        for _ in 0..<300 {
            var said = dice.speech()
            let hasCalls = said.contains { if case .toolCall = $0 { true } else { false } }
            said.append(.end(hasCalls ? .toolCalls : .stop))
            let requests: [any WireRequest] = [chat, generation]
            for request in requests {
                let stream = PlayedAnswer.frames(said + [.usage(PlayedAnswer.usage)], to: request, pauses: true).bytes
                let cuts = (0..<3).map { _ in Int.random(in: 0...stream.count, using: &dice) }
                let heard = PlayedAnswer.read(stream, with: OllamaStreamParser(), cuts: cuts)
                let expected = Array(said.dropLast()) + [.usage(PlayedAnswer.usage)] + said.suffix(1)
                #expect(PlayedAnswer.joined(heard) == PlayedAnswer.joined(expected))
            }
        }
    }

    @Test
    func `a damaged body is read or refused`() {
        var dice = Dice(seed: 2)
        let readers = [Self.readChat, Self.readGeneration, Self.readEmbed, Self.readModel]
        for round in 0..<10_000 {
            guard let problem = readers[round % readers.count](dice.damaged(Self.body)) else { continue }
            #expect(problem.status == 400)
            #expect(!problem.message.isEmpty)
        }
    }

    @Test
    func `a damaged stream ends once, with an end or a fault`() throws {
        var dice = Dice(seed: 3)
        let request = try OllamaChatRequest(body: Self.body)
        let streams = (0..<100).map { _ in
            PlayedAnswer.frames(dice.speech() + [.end(.stop), .usage(PlayedAnswer.usage)], to: request).bytes
        }
        for round in 0..<10_000 {
            let stream = dice.damaged(streams[round % streams.count])
            let cut = Int.random(in: 0...stream.count, using: &dice)
            let events = PlayedAnswer.read(stream, with: OllamaStreamParser(limit: 4096), cuts: [cut])
            let ends = events.indices.filter { index in
                switch events[index] {
                case .end, .fault: true
                default: false
                }
            }
            #expect(ends == [events.count - 1])
        }
    }

    private static func readChat(_ body: [UInt8]) -> RequestProblem? {
        do { _ = try OllamaChatRequest(body: body) } catch { return error }
        return nil
    }

    private static func readGeneration(_ body: [UInt8]) -> RequestProblem? {
        do { _ = try OllamaGenerateRequest(body: body) } catch { return error }
        return nil
    }

    private static func readEmbed(_ body: [UInt8]) -> RequestProblem? {
        do { _ = try OllamaEmbed(body: body) } catch { return error }
        return nil
    }

    private static func readModel(_ body: [UInt8]) -> RequestProblem? {
        do { _ = try OllamaModelRequest(body: body) } catch { return error }
        return nil
    }
}
