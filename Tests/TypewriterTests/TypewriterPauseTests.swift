// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct TypewriterPauseTests {
    @Test(arguments: [
        ("a. b", [0, 25, 450, 475]),
        ("a, b", [0, 25, 250, 275]),
        ("3.1", [0, 25, 50]),
        ("a:b", [0, 25, 50]),
        ("。x", [0, 425]),
        ("、x", [0, 225]),
        ("?! x", [0, 25, 450, 475]),
        ("a.\r\nb", [0, 25, 450, 475]),
        ("a.", [0, 25]),
    ])
    func `the pause follows the character that ends a sentence or, by half, a clause`(text: String, dues: [Double]) {
        #expect(Self.dues(of: text, Pace(pause: 400 * .millisecond)) == dues)
    }

    @Test(arguments: [
        ("Yes. No, never! Go", [0, 425, 650, 1_075]),
        ("e.g. this", [0, 425]),
        ("see (below.) x", [0, 25, 50]),
        ("你好。世界", [0, 425]),
    ])
    func `the pause follows the word that holds the mark`(text: String, dues: [Double]) {
        #expect(Self.dues(of: text, Pace(unit: .word, pause: 400 * .millisecond)) == dues)
    }

    @Test
    func `a pause is added to a gap of any length`() {
        #expect(Self.dues(of: "a. b", Pace(rate: 10, pause: .second)) == [0, 100, 1_200, 1_300])
        #expect(Self.dues(of: "a. b", Pace(pause: .second, burst: 2)) == [0, 0, 1_050, 1_050])
    }

    @Test
    func `a pause inside a burst parts it`() {
        #expect(Self.dues(of: "a. bc", Pace(pause: .second, burst: 4)) == [0, 0, 1_000, 1_000, 1_100])
    }

    @Test
    func `a pause is the same when the mark is the last of a delta`() {
        var stream = VirtualStream(Pace(pause: 400 * .millisecond))
        stream.add("a.", at: 0)
        stream.add(" b", at: 30)
        stream.end(at: 40)
        stream.poll(at: 10_000)
        #expect(stream.typed == [.init("a", 0), .init(".", 30), .init(" ", 455), .init("b", 480)])
    }

    @Test
    func `a stall of the upstream longer than the pause is pause enough`() {
        var stream = VirtualStream(Pace(pause: 400 * .millisecond))
        stream.add("a.", at: 0)
        stream.add(" b", at: 1_000)
        stream.end(at: 1_000)
        stream.poll(at: 10_000)
        #expect(stream.typed == [.init("a", 0), .init(".", 50), .init(" ", 1_000), .init("b", 1_025)])
    }

    @Test
    func `dropped text changes no pause`() {
        var (whole, trimmed) = (VirtualStream(Pace(pause: .second)), VirtualStream(Pace(pause: .second)))
        for index in 0..<40 {
            let time = Double(index) * 300
            for letter in ["A", ".", " ", "B,", " c"] {
                whole.add(letter, at: time)
                trimmed.add(letter, at: time)
            }
            trimmed.dropTypedText()
        }
        whole.end(at: 12_000)
        trimmed.end(at: 12_000)
        whole.poll(at: 1e9)
        trimmed.poll(at: 1e9)
        #expect(whole.typed == trimmed.typed)
        #expect(whole.typed.count == 40 * 7)
    }

    private static func dues(of text: String, _ pace: Pace) -> [Double] {
        var stream = VirtualStream(pace)
        stream.add(text, at: 0)
        stream.end(at: 0)
        stream.poll(at: 1e9)
        return stream.typed.map { Double($0.due) / 1e6 }
    }
}
