// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

/// What holds however the text of an upstream comes.
struct SmoothingPromiseTests {
    private static let lag = 250 * Nanoseconds.millisecond

    /// Text that came in pieces, some of which pass at once.
    private struct Script {
        var pace: Pace
        var inputs: [(at: Nanoseconds, input: VirtualStream.Input)] = []
        /// When each byte came.
        var arrivals: [Nanoseconds] = []
        var isAtOnce: [Bool] = []

        init(_ dice: inout Dice, passesSome: Bool) {
            let units: [TextUnit] = [.character, .word, .token, .delta]
            pace = Pace(unit: units.randomElement(using: &dice) ?? .character, targetLag: lag)
            var time: Nanoseconds = 0
            let longest = [2, 40, 600, 2_000].randomElement(using: &dice) ?? 2
            for _ in 0..<Int.random(in: 1...60, using: &dice) {
                time += .random(in: 0...Nanoseconds(longest), using: &dice) * .millisecond
                let text = String(
                    (0..<Int.random(in: 1...30, using: &dice)).map { _ in "ab d ".randomElement(using: &dice) ?? "a" }
                )
                let passes = passesSome && Int.random(in: 0..<4, using: &dice) == 0
                inputs.append((time, passes ? .atOnce(text) : .text(text)))
                arrivals += [Nanoseconds](repeating: time, count: text.utf8.count)
                isAtOnce += [Bool](repeating: passes, count: text.utf8.count)
            }
            time += .random(in: 0...Nanoseconds(longest), using: &dice) * .millisecond
            inputs.append((time, .end))
            // What stands open is closed by what comes next, be it the end.
            arrivals.append(time)
        }

        var typed: [TypedUnit] {
            var stream = VirtualStream(pace)
            stream.play(inputs)
            return stream.typed
        }
    }

    @Test(arguments: 0..<20)
    func `nothing stalls while there is text`(seed: UInt64) {
        var dice = Dice(seed: seed)
        for _ in 0..<10 {
            let script = Script(&dice, passesSome: false)
            var (end, last): (Int, Nanoseconds) = (0, 0)
            for unit in script.typed {
                end += unit.text.utf8.count
                let whole = min(script.arrivals[end], script.arrivals[end - 1] + script.pace.unit.hold)
                #expect(unit.due - max(last, whole) <= Smoother.longestGap)
                last = unit.due
            }
            #expect(end == script.arrivals.count - 1)
        }
    }

    @Test(arguments: 0..<20)
    func `what passes at once is typed when it comes`(seed: UInt64) {
        var dice = Dice(seed: seed)
        for _ in 0..<10 {
            let script = Script(&dice, passesSome: true)
            var end = 0
            for unit in script.typed {
                end += unit.text.utf8.count
                if script.isAtOnce[end - 1] { #expect(unit.due == script.arrivals[end - 1]) }
            }
        }
    }

    @Test(arguments: [(1, 40), (40, 10), (400, 1), (2_000, 1), (3, 900)])
    func `the rest is typed in a straight line within the target lag`(bytes: Int, bursts: Int) {
        var stream = VirtualStream(Pace(targetLag: Self.lag))
        let text = String(repeating: "a", count: bytes)
        var inputs = (0..<bursts).map { (Nanoseconds($0) * 900 * .millisecond, VirtualStream.Input.text(text)) }
        let end = Nanoseconds(bursts - 1) * 900 * .millisecond + 5 * .millisecond
        inputs.append((end, .end))
        stream.play(inputs)
        let rest = stream.typed.filter { $0.due > end }.map { Double($0.due - end) }
        #expect((rest.last ?? 0) <= Double(Self.lag + Smoother.frame))
        guard rest.count > 2, let first = rest.first, let last = rest.last else { return }
        for (index, due) in rest.enumerated() {
            let line = first + (last - first) * Double(index) / Double(rest.count - 1)
            #expect(abs(due - line) <= 2 * Double(Smoother.frame))
        }
    }

    @Test
    func `what waits is typed when it has to make way`() {
        var smoother = Smoother(targetLag: Self.lag)
        smoother.textArrived(count: 100, at: 0)
        smoother.hurry(at: 10)
        #expect(smoother.due(start: 99) == 10)
        smoother.textArrived(count: 100, at: 20)
        #expect(smoother.due(start: 199) > 20)
    }

    @Test
    func `a pause is kept, however long`() {
        var typewriter = Typewriter(pace: Pace(targetLag: Self.lag), seed: 1, start: 0)
        let text = Array("ab".utf8)
        typewriter.textArrived(at: 0, count: 2)
        typewriter.textEnded(at: 0)
        _ = typewriter.step(in: text.span, base: 0, isComplete: true, deltaEnds: [], now: 0)
        typewriter.delay(by: 2_000 * .millisecond)
        let step = typewriter.step(in: text.span, base: 0, isComplete: true, deltaEnds: [], now: 0)
        guard case .wait(let time) = step else { return #expect(Bool(false), "\(step)") }
        #expect((time + 1) / .millisecond == 2_125)
    }
}
