// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct TypewriterPropertyTests {
    /// A pace, and what happens to the text when.
    private struct Script {
        var pace: Pace
        var seed: UInt64
        var inputs: [(at: Nanoseconds, input: VirtualStream.Input)] = []
        var text = ""

        init(_ dice: inout SeededGenerator) {
            pace = Self.pace(&dice)
            seed = dice.next()
            let pieces = RandomText.spaced + (Bool.random(using: &dice) ? RandomText.unspaced : ["a", "b", "c"])
            text = RandomText.text(&dice, of: pieces, count: Int.random(in: 0...60, using: &dice))
            var time: Nanoseconds = 0
            let slowest = [0, 10, 60, 400].randomElement(using: &dice) ?? 0
            for delta in RandomText.deltas(&dice, of: text, longest: Int.random(in: 1...12, using: &dice)) {
                time += .random(in: 0...Nanoseconds(slowest), using: &dice) * .millisecond
                inputs.append((time, Int.random(in: 0..<8, using: &dice) == 0 ? .atOnce(delta) : .text(delta)))
            }
            time += .random(in: 0...300, using: &dice) * .millisecond
            if Int.random(in: 0..<8, using: &dice) > 0 { inputs.append((time, .end)) }
        }

        func typed(_ polling: VirtualStream.Polling) -> [TypedUnit] {
            var stream = VirtualStream(pace, seed: seed)
            stream.play(inputs, polling: polling)
            return stream.typed
        }

        private static func pace(_ dice: inout SeededGenerator) -> Pace {
            let shapes: [Cadence.Shape] = [
                .constant, .uniform, .normal, .lognormal, .gamma, .exponential, .trace([5, 40]),
            ]
            return Pace(
                unit: TextUnit.allCases.randomElement(using: &dice) ?? .character,
                rate: [0, 5, 40, 300].randomElement(using: &dice),
                shape: shapes.randomElement(using: &dice) ?? .constant,
                jitter: [0, 0.3, 1].randomElement(using: &dice) ?? 0,
                pause: [0, 0, 120 * .millisecond].randomElement(using: &dice) ?? 0,
                burst: [1, 1, 4].randomElement(using: &dice) ?? 1,
                firstDelay: [0, 30, 300].randomElement(using: &dice).map { $0 * .millisecond } ?? 0,
                maximumUnits: [nil, nil, 7].randomElement(using: &dice) ?? nil,
                targetLag: [nil, 250 * .millisecond].randomElement(using: &dice) ?? nil
            )
        }
    }

    @Test(arguments: 1...10)
    func `the schedule does not depend on when the typewriter is asked`(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        for round in 0..<60 {
            let script = Script(&dice)
            let expected = script.typed(.whenDue)
            let random = (0..<3).map { _ in VirtualStream.Polling.random(SeededGenerator(seed: dice.next())) }
            for polling in [.never] + random {
                let difference = script.typed(polling).difference(from: expected)
                try #require(difference == nil, "seed \(seed), round \(round): \(script)")
            }
        }
    }

    @Test(arguments: 11...14)
    func `all of the text is typed, in order, and no unit is due before the one ahead`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        for round in 0..<100 {
            var script = Script(&dice)
            script.pace.maximumUnits = nil
            let typed = script.typed(.random(SeededGenerator(seed: dice.next())))
            let text = typed.map(\.text).joined()
            #expect(text.isIdentical(to: script.text), "seed \(seed), round \(round)")
            #expect(zip(typed, typed.dropFirst()).allSatisfy { $0.due <= $1.due }, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: 21...24)
    func `a copy made at any time types the same as the original`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        for round in 0..<60 {
            let script = Script(&dice)
            let cut = Int.random(in: 0...script.inputs.count, using: &dice)
            var stream = VirtualStream(script.pace, seed: script.seed)
            stream.play(Array(script.inputs[..<cut]), polling: .never, isWhole: false)
            var copy = stream
            #expect(copy.typewriter == stream.typewriter)
            stream.play(Array(script.inputs[cut...]), polling: .whenDue)
            copy.play(Array(script.inputs[cut...]), polling: .whenDue)
            #expect(copy.typed.difference(from: stream.typed) == nil, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: 31...34)
    func `a step that waits names a time that is still to come`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            let script = Script(&dice)
            var stream = VirtualStream(script.pace, seed: script.seed)
            for (time, input) in script.inputs {
                stream.play([(time, input)], polling: .never, isWhole: false)
                let now = Double(time) / 1e6
                if case .wait(let next) = stream.poll(at: now) { #expect(next > time) }
            }
        }
    }

    @Test
    func `the same seed gives the same schedule, another seed another`() {
        let pace = Pace(shape: .gamma, jitter: 0.5)
        let schedules = ([1, 1, 2] as [UInt64]).map { seed in
            var stream = VirtualStream(pace, seed: seed)
            stream.play([(0, .text("The quick brown fox")), (0, .end)])
            return stream.typed
        }
        #expect(schedules[0] == schedules[1])
        #expect(schedules[0] != schedules[2])
    }
}
