// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct TypewriterDeltaTests {
    @Test
    func `a delta is typed at once when the next one closes it`() {
        var stream = VirtualStream(Pace(unit: .delta))
        stream.add("Hello", at: 0)
        stream.add(" world", at: 10)
        stream.add("!", at: 200)
        stream.end(at: 210)
        stream.poll(at: 1e9)
        #expect(stream.typed == [.init("Hello", 10), .init(" world", 60), .init("!", 210)])
    }

    @Test
    func `deltas that come faster than the pace are not joined`() {
        var stream = VirtualStream(Pace(unit: .delta, rate: 10))
        for (index, delta) in ["The", " quick", " brown", " fox"].enumerated() { stream.add(delta, at: Double(index)) }
        stream.end(at: 4)
        stream.poll(at: 1e9)
        #expect(
            stream.typed == [.init("The", 1), .init(" quick", 101), .init(" brown", 201), .init(" fox", 301)]
        )
    }

    @Test
    func `a cluster that two deltas share is typed with the first`() {
        var stream = VirtualStream(Pace(unit: .delta))
        stream.add("ae", at: 0)
        stream.add("\u{301}bc", at: 10)
        stream.end(at: 20)
        stream.poll(at: 1e9)
        #expect(stream.typed == [.init("ae\u{301}", 10), .init("bc", 35)])
    }

    @Test
    func `a delta that is held too long is typed as it is, and the rest of its cluster is alone`() {
        var stream = VirtualStream(Pace(unit: .delta))
        stream.add("ae", at: 0)
        stream.add("\u{301}bc", at: 100)
        stream.end(at: 110)
        stream.poll(at: 1e9)
        #expect(stream.typed == [.init("ae", 50), .init("\u{301}bc", 110)])
    }

    @Test
    func `dropped text changes no unit`() {
        var stream = VirtualStream(Pace(unit: .delta, rate: 100))
        let deltas = (0..<30).map { "delta \($0) " }
        for (index, delta) in deltas.enumerated() {
            stream.add(delta, at: Double(index) * 7)
            stream.dropTypedText()
        }
        stream.end(at: 210)
        stream.poll(at: 1e9)
        #expect(stream.typed.map(\.text) == deltas)
    }
}
