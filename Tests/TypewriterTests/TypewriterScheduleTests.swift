// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct TypewriterScheduleTests {
    private static let all = 1e9

    @Test
    func `the first unit is due at the first delay after the request, the others a gap apart`() {
        var stream = VirtualStream(Pace(firstDelay: 300 * .millisecond), start: 1_000)
        stream.add("abc", at: 1_000)
        stream.end(at: 1_000)
        stream.poll(at: Self.all)
        #expect(stream.typed == [.init("a", 1_300), .init("b", 1_325), .init("c", 1_350)])
    }

    @Test
    func `a first text that comes after the first delay is due when it comes`() {
        var stream = VirtualStream(Pace(firstDelay: 300 * .millisecond), start: 1_000)
        stream.add("abc", at: 1_700)
        stream.end(at: 1_710)
        stream.poll(at: Self.all)
        #expect(stream.typed == [.init("a", 1_700), .init("b", 1_725), .init("c", 1_750)])
    }

    @Test
    func `a unit is typed when it is due, and not a nanosecond earlier`() {
        var stream = VirtualStream(Pace(firstDelay: 300 * .millisecond))
        stream.add("ab", at: 0)
        stream.end(at: 0)
        #expect(stream.poll(at: 0) == .wait(until: 300 * .millisecond))
        #expect(stream.poll(at: 299.999999) == .wait(until: 300 * .millisecond))
        #expect(stream.typed.isEmpty)
        #expect(stream.poll(at: 300) == .wait(until: 325 * .millisecond))
        #expect(stream.typed == [.init("a", 300)])
        #expect(stream.poll(at: 325) == .finished)
    }

    @Test
    func `being asked late shifts nothing`() {
        var stream = VirtualStream(Pace())
        stream.add("abcdef", at: 0)
        stream.end(at: 0)
        for time in [0.0, 60, 61, 124] { stream.poll(at: time) }
        #expect(stream.typed == .init("abcde", at: [0, 25, 50, 75, 100]))
        #expect(stream.poll(at: 124) == .wait(until: 125 * .millisecond))
    }

    @Test
    func `it says that it is starved when all is typed, and finished when no more comes`() {
        var stream = VirtualStream(Pace())
        #expect(stream.poll(at: 0) == .starved)
        stream.add("a\n", at: 10)
        #expect(stream.poll(at: 10) == .wait(until: 60 * .millisecond))
        #expect(stream.poll(at: 60) == .starved)
        #expect(stream.poll(at: 1_000) == .starved)
        stream.end(at: 2_000)
        #expect(stream.poll(at: 2_000) == .finished)
        #expect(stream.typewriter.position == 2)
        #expect(stream.typewriter.typedUnits == 2)
    }

    @Test
    func `a stream without text is finished when it ends`() {
        var stream = VirtualStream(Pace(firstDelay: .second))
        stream.end(at: 5)
        #expect(stream.poll(at: 5) == .finished)
        #expect(stream.typed.isEmpty)
    }

    @Test
    func `while nothing is left to type the clock stands, so no burst follows`() {
        var stream = VirtualStream(Pace())
        stream.add("abc", at: 0)
        stream.add("defg", at: 1_000)
        stream.end(at: 1_000)
        stream.poll(at: Self.all)
        let dues: [Double] = [0, 25, 50, 1_000, 1_025, 1_050, 1_075]
        #expect(stream.typed == .init("abcdefg", at: dues))
    }

    @Test
    func `an upstream slower than the pace is typed as it comes`() {
        var stream = VirtualStream(Pace(unit: .word))
        for (index, word) in ["one ", "two ", "three ", "four "].enumerated() {
            stream.add(word, at: Double(index) * 100)
        }
        stream.end(at: 400)
        stream.poll(at: Self.all)
        #expect(
            stream.typed == [
                .init("one", 0), .init(" two", 100), .init(" three", 200), .init(" four", 300), .init(" ", 400),
            ]
        )
    }

    @Test
    func `text that comes early waits for its time`() {
        var stream = VirtualStream(Pace(rate: 10))
        for (index, letter) in "abcd".enumerated() { stream.add(String(letter), at: Double(index)) }
        stream.end(at: 4)
        stream.poll(at: Self.all)
        #expect(stream.typed == .init("abcd", at: [1, 101, 201, 301]))
    }

    @Test
    func `at rate 0 every unit is due as soon as it is whole`() {
        var stream = VirtualStream(Pace(rate: 0))
        stream.add("abc", at: 5)
        stream.add("de", at: 90)
        stream.end(at: 91)
        stream.poll(at: Self.all)
        #expect(stream.typed == .init("abcde", at: [5, 5, 55, 90, 91]))
    }

    @Test
    func `rates above a thousand have gaps of less than a millisecond`() {
        var stream = VirtualStream(Pace(rate: 10_000))
        stream.add("abcd", at: 0)
        stream.end(at: 0)
        stream.poll(at: Self.all)
        #expect(stream.typed == .init("abcd", at: [0, 0.1, 0.2, 0.3]))
    }

    @Test
    func `a burst leaves at once, and its gap is as many times as long`() {
        var stream = VirtualStream(Pace(burst: 3, firstDelay: 10 * .millisecond))
        stream.add("abcdefgh", at: 0)
        stream.end(at: 0)
        stream.poll(at: Self.all)
        #expect(stream.typed == .init("abcdefgh", at: [10, 10, 10, 85, 85, 85, 160, 160]))
    }

    @Test
    func `the stream is finished after its most units, with text left`() {
        var stream = VirtualStream(Pace(maximumUnits: 3))
        stream.add("abcdef", at: 0)
        #expect(stream.poll(at: 49) == .wait(until: 50 * .millisecond))
        #expect(stream.poll(at: 50) == .finished)
        stream.add("ghi", at: 60)
        #expect(stream.poll(at: Self.all) == .finished)
        #expect(stream.typed.map(\.text) == ["a", "b", "c"])
        #expect(stream.typewriter.typedUnits == 3)
    }

    @Test
    func `a text that is cut where it is typed ends there, whatever came next`() {
        for unit in TextUnit.allCases {
            var stream = VirtualStream(Pace(unit: unit, rate: 10))
            for (index, delta) in ["one ", "two ", "three"].enumerated() { stream.add(delta, at: Double(index)) }
            #expect(stream.poll(at: 30) == .wait(until: (stream.typed.first?.due ?? 0) + 100 * .millisecond))
            stream.cut(at: 30)
            #expect(stream.poll(at: 30) == .finished)
            #expect(stream.poll(at: Self.all) == .finished)
            #expect(stream.typed.count == 1)
        }
    }

    @Test
    func `gaps are the cadence's, summed up from the first unit`() {
        let pace = Pace(rate: 50, shape: .lognormal, jitter: 0.8)
        var stream = VirtualStream(pace, seed: 77)
        stream.add(String(repeating: "x", count: 500), at: 0)
        stream.end(at: 0)
        stream.poll(at: Self.all)
        var cadence = pace.cadence(seed: 77)
        var due: Nanoseconds = 0
        let expected = (0..<500).map { index in
            if index > 0 { due += cadence.nextGap() }
            return due
        }
        #expect(stream.typed.map(\.due) == expected)
    }

    @Test
    func `a negative gap counts in full, although text keeps coming`() {
        var stream = VirtualStream(Pace(rate: nil, shape: .trace([80, -30])))
        stream.add("abcdefgh", at: 0)
        for time in stride(from: 5.0, to: 205, by: 10) { stream.add("x", at: time) }
        #expect(stream.typed == .init("abcdefgh", at: [0, 80, 80, 130, 130, 180, 180]))
    }

    @Test
    func `negative gaps of a wide distribution never make a unit due before the one ahead`() {
        let pace = Pace(shape: .normal, jitter: 1)
        var stream = VirtualStream(pace, seed: 5)
        stream.add(String(repeating: "x", count: 20_000), at: 0)
        stream.end(at: 0)
        stream.poll(at: Self.all)
        #expect(zip(stream.typed, stream.typed.dropFirst()).allSatisfy { $0.due <= $1.due })
        let mean = Double(stream.typed.last?.due ?? 0) / 19_999
        #expect(abs(mean / 25e6 - 1) < 0.03)
    }
}
