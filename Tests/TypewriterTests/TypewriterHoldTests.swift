// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct TypewriterHoldTests {
    private static let all = 1e9

    @Test
    func `the last cluster leaves 50 ms after its last byte`() {
        var stream = VirtualStream(Pace())
        stream.add("a", at: 100)
        #expect(stream.poll(at: 149) == .wait(until: 150 * .millisecond))
        stream.poll(at: 150)
        #expect(stream.typed == [.init("a", 150)])
    }

    @Test
    func `the last word leaves 250 ms after its last byte so far`() {
        var stream = VirtualStream(Pace(unit: .word))
        stream.add("Hel", at: 100)
        stream.add("lo", at: 300)
        #expect(stream.poll(at: 549) == .wait(until: 550 * .millisecond))
        stream.poll(at: 550)
        #expect(stream.typed == [.init("Hello", 550)])
    }

    @Test(arguments: [TextUnit.character, .token, .delta])
    func `every unit but a word waits 50 ms`(unit: TextUnit) {
        var stream = VirtualStream(Pace(unit: unit))
        stream.add("e", at: 100)
        stream.poll(at: Self.all)
        #expect(stream.typed == [.init("e", 150)])
    }

    @Test
    func `a unit that was left as it was goes on as another unit`() {
        var stream = VirtualStream(Pace(unit: .word))
        stream.add("Hel", at: 0)
        stream.add("lo world", at: 300)
        stream.end(at: 310)
        stream.poll(at: Self.all)
        #expect(stream.typed == [.init("Hel", 250), .init("lo", 300), .init(" world", 325)])
    }

    @Test
    func `a unit that the next delta closes leaves at once`() {
        var stream = VirtualStream(Pace(unit: .word))
        stream.add("Hello", at: 0)
        stream.add(" wor", at: 60)
        stream.poll(at: 60)
        #expect(stream.typed == [.init("Hello", 60)])
    }

    @Test
    func `the end closes a unit at once`() {
        var stream = VirtualStream(Pace(unit: .word))
        stream.add("Hello", at: 0)
        stream.end(at: 20)
        #expect(stream.poll(at: 20) == .finished)
        #expect(stream.typed == [.init("Hello", 20)])
    }

    @Test
    func `a mark that comes within the hold joins, and the hold begins again`() {
        var stream = VirtualStream(Pace())
        stream.add("e", at: 0)
        stream.add("\u{301}", at: 40)
        #expect(stream.poll(at: 89) == .wait(until: 90 * .millisecond))
        stream.poll(at: 90)
        #expect(stream.typed == [.init("e\u{301}", 90)])
    }

    @Test
    func `a mark that comes after the hold is a unit of its own`() {
        var stream = VirtualStream(Pace())
        stream.add("e", at: 0)
        stream.add("\u{301}x", at: 60)
        stream.end(at: 60)
        stream.poll(at: Self.all)
        #expect(stream.typed == [.init("e", 50), .init("\u{301}", 75), .init("x", 100)])
    }

    @Test
    func `a mark that comes after the hold, but before the unit is due, joins`() {
        var stream = VirtualStream(Pace(rate: 1))
        stream.add("ae", at: 0)
        #expect(stream.poll(at: 300) == .wait(until: .second))
        stream.add("\u{301}x", at: 500)
        stream.poll(at: 1_000)
        #expect(stream.typed == [.init("a", 0), .init("e\u{301}", 1_000)])
    }

    @Test
    func `a word that goes on before it is due is one word`() {
        var stream = VirtualStream(Pace(unit: .word, firstDelay: .second))
        stream.add("Hel", at: 0)
        #expect(stream.poll(at: 700) == .wait(until: .second))
        stream.add("lo wor", at: 800)
        stream.add("ld!", at: 900)
        stream.end(at: 901)
        stream.poll(at: Self.all)
        #expect(stream.typed == [.init("Hello", 1_000), .init(" world!", 1_025)])
    }

    @Test
    func `a unit that is open again when it is due waits anew`() {
        var stream = VirtualStream(Pace(rate: 10))
        stream.add("ae", at: 0)
        #expect(stream.poll(at: 60) == .wait(until: 100 * .millisecond))
        stream.add("\u{301}", at: 80)
        #expect(stream.poll(at: 100) == .wait(until: 130 * .millisecond))
        stream.poll(at: 130)
        #expect(stream.typed == [.init("a", 0), .init("e\u{301}", 130)])
    }

    @Test
    func `a hold that nobody saw end counts all the same`() {
        for polls in [[20, 50, 60], [20, 60], [60], [50], [49.9, 1_000]] as [[Double]] {
            var stream = VirtualStream(Pace(firstDelay: 10 * .millisecond))
            stream.add("ab", at: 0)
            for time in polls { stream.poll(at: time) }
            #expect(stream.typed == [.init("a", 10), .init("b", 50)], "asked at \(polls)")
        }
    }

    @Test
    func `a CR at the end of a delta waits for an LF`() {
        var stream = VirtualStream(Pace(rate: 1_000))
        stream.add("a\r", at: 0)
        stream.add("\nb", at: 30)
        stream.add("\rc", at: 60)
        stream.add("\r", at: 80)
        stream.poll(at: Self.all)
        #expect(
            stream.typed == [
                .init("a", 0), .init("\r\n", 30), .init("b", 60), .init("\r", 61), .init("c", 80), .init("\r", 130),
            ]
        )
    }

    @Test
    func `a flag and a family that come in pieces are typed whole`() {
        var stream = VirtualStream(Pace(rate: 1_000))
        for (index, piece) in ["🇩", "🇪", "👩", "\u{200D}", "👧", "!"].enumerated() {
            stream.add(piece, at: Double(index) * 40)
        }
        stream.end(at: 200)
        stream.poll(at: Self.all)
        #expect(stream.typed == [.init("🇩🇪", 80), .init("👩\u{200D}👧", 200), .init("!", 201)])
    }
}
