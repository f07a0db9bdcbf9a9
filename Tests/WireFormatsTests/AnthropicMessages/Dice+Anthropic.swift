// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport

extension Dice {
    /// What a model may say, whole, with the counts at the end.
    mutating func answer() -> [ChatEvent] {
        let words = ["a", " über", "\n", "\"}", "\\u", "👩‍👩‍👧", "\u{2028}", "{\"x\":", " \u{1}", "data: [DONE]\n\n"]
        var events: [ChatEvent] = []
        var calls = 0
        for _ in 0..<Int.random(in: 0...12, using: &self) {
            let word = words.randomElement(using: &self) ?? ""
            switch Int.random(in: 0...4, using: &self) {
            case 0: events.append(AnthropicSaid.reasoning(word))
            case 1: events.append(AnthropicSaid.refusal(word))
            case 2:
                events.append(AnthropicSaid.call(calls, id: "toolu_\(calls)", name: "f\(calls)"))
                for _ in 0..<Int.random(in: 0...3, using: &self) {
                    events.append(AnthropicSaid.call(calls, words.randomElement(using: &self) ?? ""))
                }
                calls += 1
            default: events.append(AnthropicSaid.text(word))
            }
        }
        let reasons: [FinishReason] = [.stop, .stopSequence("x\n"), .length, .toolCalls, .refusal]
        events.append(.end(reasons.randomElement(using: &self) ?? .stop))
        let cached = Int.random(in: 0...9, using: &self)
        events.append(
            AnthropicSaid.usage(cached + 3, Int.random(in: 0...99, using: &self), reasoning: 2, cached: cached)
        )
        return events
    }

    /// `bytes` with a few bytes changed, lost, doubled or moved.
    mutating func mangled(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let marks = Array("{}[]\",:\\0-.eu\n\r \u{0}".utf8) + [0xFF, 0xED, 0xF0]
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0...4, using: &self) {
            case 0: bytes[index] = marks.randomElement(using: &self) ?? 0
            case 1: bytes.insert(marks.randomElement(using: &self) ?? 0, at: index)
            case 2: bytes.remove(at: index)
            case 3: bytes.removeSubrange(index..<min(index + Int.random(in: 1...20, using: &self), bytes.count))
            default:
                let end = min(index + Int.random(in: 1...40, using: &self), bytes.count)
                let place = Int.random(in: 0...bytes.count, using: &self)
                bytes.insert(contentsOf: Array(bytes[index..<end]), at: place)
            }
        }
        return bytes
    }
}
