// SPDX-License-Identifier: Apache-2.0

import Conversation
import Journal
import Testing

struct AnswerLogTests {
    @Test(arguments: [
        (-1, AnswerLog.Place.trimmed), (0, .said), (1, .said), (2, .insideScalar), (3, .said),
        (4, .beyond),
    ])
    func `a position is said, beyond, or inside a scalar`(position: Int, place: AnswerLog.Place) {
        let log = Self.log("aé")
        #expect(log.place(of: position) == place)
    }

    @Test
    func `an empty log has said its beginning`() {
        let log = AnswerLog(limit: 10)
        #expect(log.place(of: 0) == .said)
        #expect(log.place(of: 1) == .beyond)
    }

    @Test
    func `of too much text the oldest goes, and positions stay`() {
        var log = AnswerLog(limit: 80)
        for _ in 0..<20 { log.append(Array("0123456789".utf8), typedUpTo: .max, recordsDelta: true) }
        #expect(log.end == 200)
        #expect((80...90).contains(log.text.count))
        #expect(log.base + log.text.count == 200)
        #expect(log.place(of: log.base - 1) == .trimmed)
        #expect(log.place(of: log.base) == .said)
        #expect(log.deltaEnds.allSatisfy { $0 > log.base && $0 <= 200 })
        #expect(log.deltaEnds.last == 200)
    }

    @Test
    func `what is not yet typed is never trimmed`() {
        var log = AnswerLog(limit: 8)
        log.append(Array(repeating: 0x61, count: 100), typedUpTo: 30, recordsDelta: false)
        #expect(log.base == 30)
        #expect(log.end == 100)
    }

    @Test
    func `trimming keeps scalars whole`() {
        for length in 1...40 {
            var log = AnswerLog(limit: 8)
            log.append(Array(repeating: 0x61, count: length % 4), typedUpTo: .max, recordsDelta: false)
            for _ in 0..<length { log.append(Array("👩".utf8), typedUpTo: .max, recordsDelta: false) }
            #expect(String(validating: log.text, as: UTF8.self) != nil, "\(length)")
            #expect(log.end == length % 4 + 4 * length)
        }
    }

    @Test
    func `the first outcome stands`() {
        var log = Self.log("a")
        log.close(.whole)
        log.close(.fault(Self.fault))
        #expect(log.outcome == .whole)
    }

    @Test
    func `a cut forgets what was never shown`() {
        var log = AnswerLog(limit: 100)
        for delta in ["abc", "def", "ghi"] {
            log.append(Array(delta.utf8), typedUpTo: 0, recordsDelta: true)
        }
        log.cut(at: 6, .fault(Self.fault))
        #expect(log.text == Array("abcdef".utf8))
        #expect(log.deltaEnds == [3, 6])
        #expect(log.place(of: 7) == .beyond)
        #expect(log.outcome == .fault(Self.fault))
    }

    @Test
    func `a cut at or past the end takes no text`() {
        for position in [3, 4, 100] {
            var log = Self.log("abc")
            log.cut(at: position, .whole)
            #expect(log.text == Array("abc".utf8))
        }
    }

    @Test
    func `a cut in a trimmed log keeps its positions`() {
        var log = AnswerLog(limit: 8)
        log.append(Array(repeating: 0x61, count: 30), typedUpTo: 20, recordsDelta: false)
        log.cut(at: 25, .whole)
        #expect(log.base == 20)
        #expect(log.end == 25)
    }

    @Test
    func `deltas are noted only where asked, empty ones never`() {
        var log = AnswerLog(limit: 100)
        log.append(Array("a".utf8), typedUpTo: 0, recordsDelta: false)
        log.append([], typedUpTo: 0, recordsDelta: true)
        log.append(Array("b".utf8), typedUpTo: 0, recordsDelta: true)
        #expect(log.deltaEnds == [2])
    }

    private static let fault = ChatFault(kind: .cancelled, message: "m", retryable: false)

    private static func log(_ text: String) -> AnswerLog {
        var log = AnswerLog(limit: 100)
        log.append(Array(text.utf8), typedUpTo: 0, recordsDelta: false)
        return log
    }
}
