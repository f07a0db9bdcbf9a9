// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct SmootherTests {
    private static let lag = 250 * Nanoseconds.millisecond

    @Test
    func `the first byte is due at once, the rest evenly while the rhythm is unknown`() {
        var smoother = Smoother(targetLag: Self.lag)
        smoother.textArrived(count: 100, at: 0)
        #expect([0, 50, 100].map { smoother.due(start: $0) } == [0, Self.lag, 2 * Self.lag])
    }

    @Test
    func `bursts each 500 ms last until the next one`() {
        var smoother = Smoother(targetLag: Self.lag)
        for burst in 0..<8 { smoother.textArrived(count: 100, at: Nanoseconds(burst) * 500 * .millisecond) }
        #expect((500...600).contains(smoother.horizon / .millisecond))
    }

    @Test
    func `the rest goes out within the target lag of the end`() {
        var smoother = Smoother(targetLag: Self.lag)
        for burst in 0..<8 { smoother.textArrived(count: 100, at: Nanoseconds(burst) * 900 * .millisecond) }
        let end = 7 * 900 * Nanoseconds.millisecond
        smoother.textEnded(at: end)
        #expect(smoother.due(start: 800) <= end + Self.lag)
    }

    @Test
    func `what passes at once takes what waits before it along`() {
        var smoother = Smoother(targetLag: Self.lag)
        smoother.textArrived(count: 100, at: 0)
        smoother.textArrived(count: 20, at: 10, atOnce: true)
        #expect(smoother.due(start: 119) == 10)
    }

    @Test
    func `one long stall is soon forgotten`() {
        var smoother = Smoother(targetLag: Self.lag)
        var time: Nanoseconds = 0
        for delta in 0..<40 {
            time += (delta == 20 ? 3_000 : 20) * .millisecond
            smoother.textArrived(count: 5, at: time)
        }
        #expect(smoother.horizon < 80 * .millisecond)
    }

    @Test
    func `the typewriter tells how long a unit was kept`() {
        var stream = VirtualStream(Pace(targetLag: Self.lag))
        stream.add("abcde", at: 0)
        stream.end(at: 0)
        stream.poll(at: 1_000)
        #expect(stream.typed == .init("abcde", at: [0, 50, 100, 150, 200]))
        #expect(stream.typewriter.addedLag == 200 * .millisecond)
    }
}
