// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport

extension Dice {
    /// What a model may say; the arguments of its calls are whole objects, in pieces. No end, no counts.
    mutating func speech() -> [ChatEvent] {
        let words = [
            "a", " über", "\n", "\"}", "\\u", "👩‍👩‍👧", "\u{2028}\u{85}", "{\"x\":", " \u{1}", "data: [DONE]\n\n",
        ]
        var events: [ChatEvent] = []
        var calls = 0
        for _ in 0..<Int.random(in: 0...12, using: &self) {
            let word = words.randomElement(using: &self) ?? ""
            switch Int.random(in: 0...4, using: &self) {
            case 0: events.append(PlayedAnswer.reasoning(word))
            case 1: events.append(.refusal(Array(word.utf8)))
            case 2:
                let number = Int.random(in: 0...99, using: &self)
                events.append(PlayedAnswer.call("f\(calls)", id: "call_\(calls)", index: calls))
                for piece in ["{\"n\":", "\(number)", "}"] { events.append(PlayedAnswer.more(piece, index: calls)) }
                calls += 1
            default: events.append(PlayedAnswer.text(word))
            }
        }
        return events
    }

    /// `bytes` with a few of them changed, lost, doubled or moved.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let marks = Array("{}[]\",:\\0-.etnu\n\r \u{0}".utf8) + [0xFF, 0xED, 0xF0]
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &self)
            let end = min(index + Int.random(in: 1...30, using: &self), bytes.count)
            switch Int.random(in: 0...4, using: &self) {
            case 0: bytes[index] = marks.randomElement(using: &self) ?? 0
            case 1: bytes.insert(marks.randomElement(using: &self) ?? 0, at: index)
            case 2: bytes.remove(at: index)
            case 3: bytes.removeSubrange(index..<end)
            default:
                let place = Int.random(in: 0...bytes.count, using: &self)
                bytes.insert(contentsOf: Array(bytes[index..<end]), at: place)
            }
        }
        return bytes
    }
}
