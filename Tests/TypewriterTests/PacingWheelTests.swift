// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct PacingWheelTests {
    private static let turn = 1_024 * Nanoseconds.millisecond

    @Test
    func `an entry is due at the first tick at or after its time`() {
        for (time, tick) in [(1_000_000, 1), (1_000_001, 2), (1_999_999, 2), (2_000_000, 2), (7_500_000, 8)]
            as [(Int64, Int64)]
        {
            var wheel = PacingWheel(now: 0)
            let handle = wheel.add()
            wheel.schedule(handle, at: time)
            #expect(wheel.popDue(now: tick * .millisecond - 1) == nil)
            #expect(wheel.popDue(now: tick * .millisecond) == handle)
            #expect(wheel.popDue(now: tick * .millisecond) == nil)
        }
    }

    @Test
    func `a time that has passed is due at the next tick`() {
        var wheel = PacingWheel(now: 50 * .millisecond)
        let handle = wheel.add()
        for time in [0, 49, 50] {
            wheel.schedule(handle, at: Nanoseconds(time) * .millisecond)
            #expect(wheel.popDue(now: 50 * .millisecond) == nil)
            #expect(wheel.nextTime() == 51 * .millisecond)
        }
        #expect(wheel.popDue(now: 51 * .millisecond) == handle)
    }

    @Test
    func `an entry is popped once, and must be scheduled again`() {
        var wheel = PacingWheel(now: 0)
        let handle = wheel.add()
        for tick in 1...3_000 {
            wheel.schedule(handle, at: Nanoseconds(tick) * .millisecond)
            #expect(wheel.popDue(now: Nanoseconds(tick) * .millisecond) == handle)
            #expect(wheel.popDue(now: Nanoseconds(tick) * .millisecond) == nil)
            #expect(wheel.nextTime() == nil)
        }
    }

    @Test
    func `what is late comes in the order of its ticks`() {
        var wheel = PacingWheel(now: 0)
        let times = [700, 3, 4_000, 1_027, 3, 1_024, 2_051, 1].map { Nanoseconds($0) * .millisecond }
        let handles = times.map { _ in wheel.add() }
        for (handle, time) in zip(handles, times) { wheel.schedule(handle, at: time) }
        var popped: [Nanoseconds] = []
        while let handle = wheel.popDue(now: 60 * .second) { popped.append(times[Int(handle)]) }
        #expect(popped == times.sorted())
    }

    @Test(arguments: [1, 2, 3, 10, 3_600])
    func `a time beyond the wheel's turns waits for them`(turns: Int64) {
        var wheel = PacingWheel(now: 5 * .millisecond)
        let handle = wheel.add()
        let due = 5 * .millisecond + turns * Self.turn
        wheel.schedule(handle, at: due)
        for earlier in stride(from: 5 * .millisecond, to: due, by: Int(Self.turn / 2)) {
            #expect(wheel.popDue(now: earlier) == nil)
        }
        #expect(wheel.popDue(now: due - 1) == nil)
        #expect(wheel.popDue(now: due) == handle)
    }

    @Test
    func `entries of several turns share a slot`() {
        var wheel = PacingWheel(now: 0)
        let handles = (0..<6).map { _ in wheel.add() }
        for (index, handle) in handles.enumerated() {
            wheel.schedule(handle, at: 9 * .millisecond + Nanoseconds(index % 3) * Self.turn)
        }
        for turn in 0..<3 {
            let now = 9 * .millisecond + Nanoseconds(turn) * Self.turn
            var popped: Set<PacingWheel.Handle> = []
            while let handle = wheel.popDue(now: now) { popped.insert(handle) }
            #expect(popped == [handles[turn], handles[turn + 3]])
        }
        #expect(wheel.nextTime() == nil)
    }

    @Test
    func `an entry that is moved is due at its new time only`() {
        var wheel = PacingWheel(now: 0)
        let handle = wheel.add()
        wheel.schedule(handle, at: 5 * .millisecond)
        wheel.schedule(handle, at: 9 * .millisecond)
        wheel.schedule(handle, at: 9 * .millisecond)
        #expect(wheel.popDue(now: 8 * .millisecond) == nil)
        wheel.schedule(handle, at: 10 * .millisecond)
        #expect(wheel.popDue(now: 9 * .millisecond) == nil)
        #expect(wheel.popDue(now: 10 * .millisecond) == handle)
    }

    @Test
    func `an entry that is cancelled is not due, and may be cancelled again`() {
        var wheel = PacingWheel(now: 0)
        let (kept, cancelled) = (wheel.add(), wheel.add())
        wheel.schedule(kept, at: 5 * .millisecond)
        wheel.schedule(cancelled, at: 5 * .millisecond)
        wheel.cancel(cancelled)
        wheel.cancel(cancelled)
        #expect(wheel.popDue(now: 6 * .millisecond) == kept)
        #expect(wheel.popDue(now: 6 * .millisecond) == nil)
        wheel.schedule(cancelled, at: 8 * .millisecond)
        #expect(wheel.popDue(now: 8 * .millisecond) == cancelled)
    }

    @Test
    func `handles are different, and come again when they were given back`() {
        var wheel = PacingWheel(now: 0)
        let handles = (0..<100).map { _ in wheel.add() }
        #expect(Set(handles).count == 100)
        for handle in handles[..<50] {
            wheel.schedule(handle, at: 5 * .millisecond)
            wheel.remove(handle)
        }
        #expect(wheel.nextTime() == nil)
        let again = (0..<60).map { _ in wheel.add() }
        #expect(Set(again[..<50]) == Set(handles[..<50]))
        #expect(Set(again).isDisjoint(with: handles[50...]))
        #expect(wheel.popDue(now: 5 * .millisecond) == nil)
    }

    @Test
    func `cancelling the entry that would be popped next leaves the others`() {
        for victim in 0..<4 {
            var wheel = PacingWheel(now: 0)
            let handles = (0..<4).map { _ in wheel.add() }
            for handle in handles { wheel.schedule(handle, at: 3 * .millisecond) }
            var popped: Set<PacingWheel.Handle> = []
            if let first = wheel.popDue(now: 3 * .millisecond) { popped.insert(first) }
            let gone = handles[victim]
            wheel.remove(gone)
            while let handle = wheel.popDue(now: 3 * .millisecond) { popped.insert(handle) }
            #expect(popped.subtracting([gone]) == Set(handles).subtracting([gone]))
        }
    }

    @Test
    func `an entry that is scheduled while the wheel is emptied comes at the next tick, not in the same`() {
        var wheel = PacingWheel(now: 0)
        let handles = (0..<3).map { _ in wheel.add() }
        for handle in handles { wheel.schedule(handle, at: 3 * .millisecond) }
        var popped = 0
        while let handle = wheel.popDue(now: 3 * .millisecond) {
            popped += 1
            wheel.schedule(handle, at: 3 * .millisecond)
            guard popped <= 3 else { break }
        }
        #expect(popped == 3)
        #expect(wheel.nextTime() == 4 * .millisecond)
    }

    @Test
    func `a finer wheel has finer ticks`() {
        var wheel = PacingWheel(resolution: 100_000, now: 1_050_000)
        let handle = wheel.add()
        wheel.schedule(handle, at: 1_310_000)
        #expect(wheel.popDue(now: 1_399_999) == nil)
        #expect(wheel.nextTime() == 1_400_000)
        #expect(wheel.popDue(now: 1_400_000) == handle)
    }
}
