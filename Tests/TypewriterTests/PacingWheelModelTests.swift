// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct PacingWheelModelTests {
    /// What a wheel promises, kept in a plain table.
    private struct Model {
        let resolution: Nanoseconds
        var now: Nanoseconds
        var ticks: [PacingWheel.Handle: Int64] = [:]

        mutating func schedule(_ handle: PacingWheel.Handle, at time: Nanoseconds) {
            ticks[handle] = max((time + resolution - 1) / resolution, now / resolution + 1)
        }

        /// The entries that are due at `time`, those of one tick in any order.
        mutating func popDue(at time: Nanoseconds) -> [(tick: Int64, handles: Set<PacingWheel.Handle>)] {
            now = max(now, time)
            let due = ticks.filter { $0.value <= now / resolution }
            for handle in due.keys { ticks[handle] = nil }
            return Dictionary(grouping: due, by: \.value).sorted { $0.key < $1.key }.map {
                ($0.key, Set($0.value.map(\.key)))
            }
        }
    }

    @Test(arguments: 1...20)
    func `any order of calls pops what a sorted table pops`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let resolution: Nanoseconds = seed.isMultiple(of: 2) ? .millisecond : 130_000
        var now = Nanoseconds.random(in: 1_000_000_000...5_000_000_000, using: &dice)
        var wheel = PacingWheel(resolution: resolution, now: now)
        var model = Model(resolution: resolution, now: now)
        var handles: [PacingWheel.Handle] = []
        for step in 0..<3_000 {
            switch Int.random(in: 0..<10, using: &dice) {
            case 0 where handles.count < 200:
                let handle = wheel.add()
                #expect(!handles.contains(handle))
                handles.append(handle)
            case 1 where Int.random(in: 0..<4, using: &dice) == 0:
                guard let index = handles.indices.randomElement(using: &dice) else { continue }
                let handle = handles.remove(at: index)
                wheel.remove(handle)
                model.ticks[handle] = nil
            case 2:
                guard let handle = handles.randomElement(using: &dice) else { continue }
                wheel.cancel(handle)
                model.ticks[handle] = nil
            case 3...6:
                guard let handle = handles.randomElement(using: &dice) else { continue }
                let time = now + Self.distance(&dice) * resolution / 1_000
                wheel.schedule(handle, at: time)
                model.schedule(handle, at: time)
            default:
                now += Self.advance(&dice) * resolution / 1_000
                let expected = model.popDue(at: now)
                expectPops(expected, from: &wheel, now: now, "seed \(seed), step \(step)")
                expectNextTime(of: wheel, model, after: now, "seed \(seed), step \(step)")
            }
        }
    }

    @Test
    func `bounded work in each turn loses and repeats nothing`() {
        var dice = SeededGenerator(seed: 99)
        var wheel = PacingWheel(now: 0)
        let handles = (0..<300).map { _ in wheel.add() }
        var due: [PacingWheel.Handle: Nanoseconds] = [:]
        for handle in handles {
            let time = Nanoseconds.random(in: 1...3_000, using: &dice) * .millisecond
            wheel.schedule(handle, at: time)
            due[handle] = time
        }
        var now: Nanoseconds = 0
        var pops = 0
        while now < 20 * .second {
            now += Nanoseconds.random(in: 0...40, using: &dice) * .millisecond
            for _ in 0..<5 {
                #expect((wheel.nextTime() ?? .max) <= due.values.min() ?? .max)
                guard let handle = wheel.popDue(now: now) else { break }
                #expect((due[handle] ?? .max) <= now)
                pops += 1
                let next = pops < 2_000 ? now + Nanoseconds.random(in: 1...2_500, using: &dice) * .millisecond : nil
                due[handle] = next
                if let next { wheel.schedule(handle, at: next) }
            }
        }
        #expect(pops > 1_000)
        #expect(due.isEmpty)
        #expect(wheel.nextTime() == nil)
    }

    private func expectPops(
        _ expected: [(tick: Int64, handles: Set<PacingWheel.Handle>)],
        from wheel: inout PacingWheel,
        now: Nanoseconds,
        _ note: Comment
    ) {
        for (_, handles) in expected {
            var popped: Set<PacingWheel.Handle> = []
            for _ in handles { if let handle = wheel.popDue(now: now) { popped.insert(handle) } }
            #expect(popped == handles, note)
        }
        let extra = wheel.popDue(now: now)
        #expect(extra == nil, note)
    }

    private func expectNextTime(of wheel: PacingWheel, _ model: Model, after now: Nanoseconds, _ note: Comment) {
        guard let first = model.ticks.values.min() else {
            #expect(wheel.nextTime() == nil, note)
            return
        }
        let next = wheel.nextTime() ?? .max
        #expect(next > now, note)
        #expect(next <= first * model.resolution, note)
    }

    /// Thousandths of ticks from now to a due time: passed, near, within a turn or beyond it.
    private static func distance(_ dice: inout SeededGenerator) -> Int64 {
        let ranges: [ClosedRange<Int64>] = [-5_000...0, 0...3_000, 0...300_000, 0...1_100_000, 1_000_000...9_000_000]
        return ranges.randomElement(using: &dice).map { .random(in: $0, using: &dice) } ?? 0
    }

    /// Thousandths of ticks between two looks at the wheel; now and then a whole turn is missed.
    private static func advance(_ dice: inout SeededGenerator) -> Int64 {
        let ranges: [ClosedRange<Int64>] = [0...1_000, 0...4_000, 0...60_000, 1_000...1_000, 900_000...2_500_000]
        return ranges.randomElement(using: &dice).map { .random(in: $0, using: &dice) } ?? 0
    }
}
