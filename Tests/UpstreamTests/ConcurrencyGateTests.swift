// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing
import Upstream

struct ConcurrencyGateTests {
    /// What was noted, in order: by name who was granted a place, or how many were inside.
    private final class Grants: Sendable {
        private let names = Mutex<[Int]>([])

        var all: [Int] { names.withLock { $0 } }

        func add(_ name: Int) { names.withLock { $0.append(name) } }
        func take() -> [Int] {
            names.withLock { names in
                defer { names = [] }
                return names
            }
        }
    }

    @Test
    func `without a limit all enter`() {
        let gate = ConcurrencyGate(ConcurrencyLimits())
        for _ in 0..<1_000 { #expect(gate.enter {} == .entered) }
        #expect(gate.inside == 1_000)
    }

    @Test
    func `who waits longest gets the next place, and one too many is refused`() {
        let gate = Self.gate(atOnce: 1, queue: 2)
        let grants = Grants()
        #expect(gate.enter { grants.add(0) } == .entered)
        #expect(gate.enter { grants.add(1) } == .queued(0))
        #expect(gate.enter { grants.add(2) } == .queued(1))
        #expect(gate.enter { grants.add(3) } == .refused)
        #expect(gate.waiting == 2)
        gate.leave()
        #expect(grants.all == [1])
        #expect(gate.inside == 1)
        gate.leave()
        #expect(grants.all == [1, 2])
        gate.leave()
        #expect(gate.inside == 0)
        #expect(gate.enter {} == .entered)
    }

    @Test
    func `who abandons its ticket is passed over and leaves room in the queue`() {
        let gate = Self.gate(atOnce: 1, queue: 2)
        let grants = Grants()
        _ = gate.enter {}
        _ = gate.enter { grants.add(1) }
        _ = gate.enter { grants.add(2) }
        #expect(gate.abandon(0))
        #expect(gate.enter { grants.add(3) } == .queued(2))
        gate.leave()
        #expect(grants.all == [2])
        #expect(!gate.abandon(1))
        gate.leave()
        #expect(grants.all == [2, 3])
    }

    @Test
    func `a grant may use the gate itself`() {
        let gate = Self.gate(atOnce: 1, queue: 1)
        _ = gate.enter {}
        _ = gate.enter { gate.leave() }
        gate.leave()
        #expect(gate.inside == 0)
    }

    @Test(arguments: 0..<40)
    func `never more than the limit are inside, and no waiter is lost`(seed: UInt64) {
        var dice = Dice(seed: seed)
        let limit = Int.random(in: 1...4, using: &dice)
        let queue = Int.random(in: 0...5, using: &dice)
        let gate = Self.gate(atOnce: limit, queue: queue)
        let grants = Grants()
        var inside = 0
        var waiting: [(name: Int, ticket: UInt64)] = []
        for name in 0..<400 {
            switch Int.random(in: 0..<5, using: &dice) {
            case 0...1:
                switch gate.enter(onGrant: { grants.add(name) }) {
                case .entered:
                    #expect(waiting.isEmpty)
                    inside += 1
                case .queued(let ticket): waiting.append((name, ticket))
                case .refused: #expect(waiting.count == queue && inside == limit)
                }
            case 2...3 where inside > 0:
                gate.leave()
                inside -= 1
            default:
                guard let index = waiting.indices.randomElement(using: &dice) else { continue }
                #expect(gate.abandon(waiting.remove(at: index).ticket))
            }
            for granted in grants.take() {
                #expect(waiting.first?.name == granted)
                waiting.removeFirst()
                inside += 1
            }
            #expect(gate.inside == inside && inside <= limit)
            #expect(gate.waiting == waiting.count && waiting.count <= queue)
            #expect(waiting.isEmpty || inside == limit)
        }
    }

    @Test
    func `threads that come and go leave nothing behind`() async {
        let gate = Self.gate(atOnce: 3, queue: 1_000)
        let seen = Grants()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        if gate.enter(onGrant: { continuation.resume() }) == .entered { continuation.resume() }
                    }
                    seen.add(gate.inside)
                    await Task.yield()
                    gate.leave()
                }
            }
        }
        #expect(gate.inside == 0)
        #expect(gate.waiting == 0)
        #expect(seen.all.count == 200 && seen.all.allSatisfy { (1...3).contains($0) })
    }

    private static func gate(atOnce: Int, queue: Int) -> ConcurrencyGate {
        var limits = ConcurrencyLimits()
        limits.atOnce = atOnce
        limits.queue = queue
        return ConcurrencyGate(limits)
    }
}
